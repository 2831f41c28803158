import ast
from pathlib import Path

import kodgen
from kodgen.parse.nodes import nodes

PASSED = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
ODD = """
import a.b as c, d
from e import (f as g)
async def one[T](x: int, /, *y, z=3, **k) -> str:
    global q
    async with a as b, c: await d
    async for i, *j in k: yield i
    return f"{x!r:>{y}}" if not z else [w for w in v if w for u in w]
match x:
    case {"a": [1, *rest], **more} | P(b=-2) if more: pass
try: pass
except* (A, B) as e: raise C from e
"""


def _walked(tree: ast.AST) -> list[ast.AST]:
    return [node for node in ast.walk(tree) if not isinstance(node, PASSED)]


def test_the_same_nodes_in_the_same_order_as_the_library_tells() -> None:
    trees = [
        ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(Path(kodgen.__file__).parent.rglob("*.py"))[::5]
    ]
    # Type parameters are of later versions than the oldest that is supported.
    odd = (ODD.replace("[T]", ""), "lambda a, b=1: -a < b <= ~c and d[1:2, ...]")
    trees += map(ast.parse, odd)
    for tree in trees:
        assert nodes(tree) == _walked(tree)


def test_a_part_of_a_tree_is_told_with_what_is_below_it() -> None:
    function = ast.parse("def f(a): return a + 1").body[0]
    kinds = [type(node).__name__ for node in nodes(function)]
    assert kinds == ["FunctionDef", "arguments", "Return", "arg", "BinOp", "Name", "Constant"]


def test_a_tree_that_was_made_by_hand_may_lack_fields() -> None:
    assert [type(node) for node in nodes(ast.Return())] == [ast.Return]
