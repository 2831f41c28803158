"""Each operator on one line of code: what it makes of it, and what it leaves alone."""

import ast

import pytest

from kodgen.mutation.executed import executed
from kodgen.mutation.operators import OPERATORS
from kodgen.mutation.source import Source


def made(operator: str, text: str) -> list[str]:
    source = Source(text)
    return [
        source.edited(edit)
        for statement in ast.parse(text).body
        for node in executed(statement)
        for edit in OPERATORS[operator](node, source)
    ]


@pytest.mark.parametrize(
    ("operator", "before", "after"),
    [
        ("comparison", "x = a < b", ["x = a >= b"]),
        ("comparison", "x = a is  not b", ["x = a is b"]),
        ("comparison", "x = a not in b", ["x = a in b"]),
        ("comparison", "x = a < b == c", ["x = a >= b == c", "x = a < b != c"]),
        ("comparison", "x = (a) == (  # a == b\n b)", ["x = (a) != (  # a == b\n b)"]),
        ("boundary", "x = a <= b", ["x = a < b"]),
        ("boundary", "x = a == b", []),
        ("boundary", "x = range(n)", ["x = range((n) + 1)", "x = range((n) - 1)"]),
        ("boundary", "x = range(0, n, 2)", ["x = range(0, (n) + 1, 2)", "x = range(0, (n) - 1, 2)"]),
        ("boundary", "x = y[i:]", ["x = y[(i) + 1:]", "x = y[(i) - 1:]"]),
        ("boundary", "x = range(*n)", []),
        ("arithmetic", "x = a - b * c", ["x = a + b * c", "x = a - b / c"]),
        ("arithmetic", "x = a // b", ["x = a * b"]),
        ("arithmetic", "x = -a", ["x = a"]),
        ("arithmetic", "x = a @ b", []),
        ("assignment", "x += 1", ["x -= 1", "x = 1"]),
        ("constant", "x = 3", ["x = 4", "x = 2"]),
        ("constant", "x = 0", ["x = 1"]),
        ("constant", "x = 2.5", ["x = 3.5"]),
        ("constant", "x = True", ["x = False"]),
        ("constant", "x = None, 'a', b'a', ...", []),
        ("constant", f"x = {10**30}", []),
        ("string", "x = 'a'", ['x = ""']),
        ("string", "x = ''", ['x = "mutated"']),
        ("string", "x = f'a{b}'", []),
        ("default", "def f(a, b=1, *, c='x'): pass", [
            "def f(a, b=2, *, c='x'): pass",
            "def f(a, b=0, *, c='x'): pass",
            'def f(a, b=1, *, c=""): pass',
        ]),
        ("constant", "def f(a=1): pass", []),
        ("boolean", "x = a and b and c", ["x = a or b and c", "x = a and b or c"]),
        ("boolean", "x = not a", ["x = a"]),
        ("negation", "if a and b: pass", ["if not (a and b): pass"]),
        ("negation", "while f(a): pass", ["while not (f(a)): pass"]),
        ("negation", "x = [a for a in b if a]", ["x = [a for a in b if not (a)]"]),
        ("negation", "if a < b: pass", []),
        ("branch", "if a: pass", ["if True: pass", "if False: pass"]),
        ("branch", "x = 1 if a else 2", ["x = 1 if True else 2", "x = 1 if False else 2"]),
        ("removal", "f(a)", ["pass"]),
        ("removal", "a.b = c", ["pass"]),
        ("removal", "a = c", []),
        ("removal", "raise ValueError(1)", ["pass"]),
        ("returned", "def f(): return a", ["def f(): return None"]),
        ("returned", "def f(): return", []),
        ("loop", "for a in b:\n    break", ["for a in b:\n    continue"]),
        ("function", "x = min(a)", ["x = max(a)"]),
        ("function", "x = a.upper().b.rstrip()", ["x = a.upper().b.lstrip()", "x = a.lower().b.rstrip()"]),
        ("arguments", "x = f(a,  b, c)", ["x = f(b,  a, c)"]),
        ("arguments", "x = f(a, a), max(a, b), f(*a, b)", []),
    ],
)  # fmt: skip
def test_what_an_operator_makes(operator: str, before: str, after: list[str]) -> None:
    assert made(operator, before) == after


@pytest.mark.parametrize(
    "text",
    [
        '"""1 < 2"""',
        "def f(a: Literal[1] = None) -> Literal[2]:\n    '3'",
        "@cache(1)\ndef f(): pass",
        "import a.b",
        "if __name__ == '__main__':\n    f(1 + 2)",
        "if TYPE_CHECKING:\n    x = 1",
        "x: Literal[1]",
        "__all__ = ['a']",
        "print(a + 1)",
        "logger.warning('a', 1)",
        "match a:\n    case 1:\n        pass",
    ],
)
def test_code_that_no_test_should_look_at_is_left_alone(text: str) -> None:
    assert [name for name in OPERATORS for _ in made(name, text)] == []


def test_the_message_of_an_error_is_left_alone_but_not_that_it_is_raised() -> None:
    text = "raise ValueError('a' + str(1))"
    assert [one for name in OPERATORS for one in made(name, text)] == ["pass"]
