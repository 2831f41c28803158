"""Literals written out as `ast` writes them."""

import ast

import pytest

from kodgen.contamination.blocks import block_of
from kodgen.contamination.written import written

MODULE = """
import os
for a in range(3):
    assert f(a)
else:
    b = 1
try:
    with open(a) as file:
        pass
except ValueError:
    c = lambda: 2
finally:
    d = 1
match a:
    case 1:
        e = 2
class A:
    async def f(self, x=lambda: 3):
        return [y for y in x]
"""


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


def test_blocks_are_all_statements_in_order() -> None:
    blocks = ast.stmt | ast.excepthandler | ast.match_case
    held = 0
    for node in ast.walk(ast.parse(MODULE)):
        inner = [one for one in ast.iter_child_nodes(node) if isinstance(one, blocks)]
        assert list(block_of(node)) == inner
        held += len(inner)
    assert held == 16
