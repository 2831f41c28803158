"""A comparison becomes its opposite."""

import ast
from collections.abc import Iterator
from itertools import pairwise

from kodgen.mutation.source import Edit, Source

WORDS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
_OPPOSITES = {
    "==": "!=",
    "<": ">=",
    ">": "<=",
    "is": "is not",
    "in": "not in",
}
_OPPOSITES |= {after: before for before, after in _OPPOSITES.items()}


def comparison(node: ast.AST, source: Source) -> Iterator[Edit]:
    """Each comparison of a chain in turn."""
    yield from swapped(node, source, _OPPOSITES)


def swapped(node: ast.AST, source: Source, becomes: dict[str, str]) -> Iterator[Edit]:
    """Each comparison of a chain that becomes another, in turn."""
    if isinstance(node, ast.Compare):
        sides = pairwise([node.left, *node.comparators])
        for (left, right), kind in zip(sides, node.ops, strict=True):
            word = WORDS[type(kind)]
            if word in becomes:
                edit = source.between(left, right, word, becomes[word])
                if edit is not None:
                    yield edit
