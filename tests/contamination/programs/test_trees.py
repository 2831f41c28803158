"""Trees of other people's code, and what of it is no Python."""

import ast
from pathlib import Path

import pytest

from kodgen.contamination.programs.trees import functions, imports, is_python, statements, tree_of

ROOT = Path(__file__).resolve().parents[3]
FOREIGN = [
    "SELECT name FROM people",
    "SELECT * FROM people",
    "<html>",
    "// a comment",
    "#include <stdio.h>\n\nint main() { return 0; }",
    "public static void main",
    "let x = 3;",
    "body {\n  color: red;\n}",
    "The function is right.",
    "x = (a b)",
    "x\nSELECT y",
    "def f(:",
    "a\0",
]
PYTHON = [
    "",
    "# The function is right\n\nx = 1",
    "# The function is right",
    "*a, b = c",
    "-x",
    ".5",
    "'It is a text'",
    "print('It is a text')",
    "x = 1 if y else z",
    "match x:\n    case {}: pass",
    "match {}:\n    case _: pass",
    "not x in y",
    "import a.b as c; from d import e",
    "[lambda x: x for y in z if not w]",
    "async def f(): await g",
    "x \\\n= y",
]


@pytest.mark.parametrize("code", FOREIGN)
def test_other_languages_are_told(code: str) -> None:
    assert tree_of(code) is None
    assert not is_python(code)


@pytest.mark.parametrize("code", PYTHON)
def test_python_is_told(code: str) -> None:
    assert is_python(code)


def test_no_line_of_our_own_modules_is_told_to_be_foreign_that_is_python() -> None:
    lines = {
        line.strip()
        for path in (ROOT / "kodgen" / "contamination").rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
    }
    parsing = [line for line in sorted(lines) if tree_of(line) is not None]
    assert len(parsing) > 1000
    assert [line for line in parsing if not is_python(line)] == []


def test_statements_come_in_the_order_of_a_walk() -> None:
    code = (ROOT / "kodgen" / "contamination" / "programs" / "skeletons.py").read_text("utf-8")
    code += "\nmatch a:\n    case 1:\n        import b\n    case _:\n        try: c\n        except D: e\n"
    tree = ast.parse(code)
    walked = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    assert [node for node in statements(tree) if isinstance(node, ast.stmt)] == walked


def test_functions_are_told_with_where_they_are_and_imports_with_where_from() -> None:
    code = (
        "from a import b as c\nimport d.e, f.g as h\n"
        "class A:\n    def f(self):\n        def g(): pass\n        class B:\n            def h(self): pass\n"
        "if x:\n    def k():\n        from . import m\n"
    )
    tree = ast.parse(code)
    assert [(name, outermost) for name, _, outermost in functions(tree)] == [
        ("A.f", True),
        ("A.f.g", False),
        ("A.f.B.h", False),
        ("k", True),
    ]
    assert imports(tree) == {"c": "a.b", "d": "d", "h": "f.g", "m": ".m"}
