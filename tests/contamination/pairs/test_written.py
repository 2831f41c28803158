"""Literals written out as `ast` writes them."""

import ast

import pytest

from kodgen.contamination.pairs.written import written


@pytest.mark.parametrize(
    "source",
    [
        *("1", "-2.5", "'a\\'b\\n'", "u'a'", "b'x'", "None", "...", "True", "1e400", "2j"),
        *("()", "(1,)", "(1, 'b')", "[]", "[[1], (2, [3])]", "{}", "{'a': [1], 2: (3,)}"),
        *("{**a, 'b': 1}", "{1, 2}", "set([1, 2])", "2 / 3", "-x", "not True", "-(-3)"),
        *("f(1, [2]) == (3,)", "a.b.f(x) is None", "f(*a) == 1", "f(a=1) == 1", "f(1) == 2 == a"),
        *(
            "(f(1) == 2) == a",
            "f((b for b in c)) == -1",
            "f(-1) in {1: 2}",
            "f(lambda: 1, (a := 2))",
        ),
        *(
            "'a'.join(b) == 'c'",
            "1.0.real == 1",
            "(1).real == [1][0]",
            "(a + b).c(d if e else g) == h",
        ),
        *(
            "f(a)(b) == 1",
            "x == (yield)",
            "f(1) == (2 if a else 3)",
            "f(1) != 2",
            "(await g()) == 1",
        ),
    ],
)
def test_literals_are_written_as_ast_writes_them(source: str) -> None:
    node = ast.parse(source, mode="eval").body
    assert written(node) == ast.unparse(node)
