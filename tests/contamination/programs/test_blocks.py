"""Statements inside statements, as `ast` has them."""

import ast

from kodgen.contamination.programs.blocks import block_of

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


def test_blocks_are_all_statements_in_order() -> None:
    blocks = ast.stmt | ast.excepthandler | ast.match_case
    held = 0
    for node in ast.walk(ast.parse(MODULE)):
        inner = [one for one in ast.iter_child_nodes(node) if isinstance(one, blocks)]
        assert list(block_of(node)) == inner
        held += len(inner)
    assert held == 16
