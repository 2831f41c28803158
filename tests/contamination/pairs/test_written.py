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
    ],
)
def test_literals_are_written_as_ast_writes_them(source: str) -> None:
    node = ast.parse(source, mode="eval").body
    assert written(node) == ast.unparse(node)
