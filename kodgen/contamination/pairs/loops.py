"""Loops of tests that draw inputs and check a property of the results, as shapes."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from kodgen.contamination.programs.blocks import block_of
from kodgen.contamination.programs.shapes import BUILTINS, fingerprint
from kodgen.contamination.words.words import words
from kodgen.parse.nodes import nodes

LEAST_SIZE = 20
"""Nodes of a loop from which on its shape tells where it is from."""


@dataclass(frozen=True, slots=True)
class Loop:
    """One loop of a test."""

    lines: tuple[int, int]
    """First and last, counted from 1."""
    size: int
    shape: str
    """Digest; names are numbered, but for built-ins and attributes."""
    node: ast.For | ast.While

    def words(self) -> frozenset[str]:
        """Attributes, numbers, built-ins and keyword arguments: any text with such a loop has them.

        They are in its shape by their name.
        """
        bound = _bound(self.node)
        kept: list[str] = []
        for one in nodes(self.node):
            if isinstance(one, ast.Attribute):
                kept.append(one.attr)
            elif isinstance(one, ast.Name) and one.id in BUILTINS and one.id not in bound:
                kept.append(one.id)
            elif isinstance(one, ast.keyword) and one.arg:
                kept.append(one.arg)
            elif isinstance(one, ast.Constant) and type(one.value) is int:
                kept.append(str(one.value))
        return frozenset(word for text in kept for word in words(text))


def checking_loops(tree: ast.Module) -> Iterator[Loop]:
    """Outermost loops with an `assert` inside that hold `LEAST_SIZE` nodes."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.For | ast.While):
            if any(isinstance(one, ast.Assert) for one in nodes(node)):
                loop = _loop(node)
                if loop.size >= LEAST_SIZE:
                    yield loop
        else:
            pending.extend(block_of(node))


def _loop(node: ast.For | ast.While) -> Loop:
    bound = _bound(node)
    numbers: dict[str, str] = {}

    def said(name: str) -> str:
        if name in BUILTINS and name not in bound:
            return name
        return numbers.setdefault(name, f"_{len(numbers)}")

    shape, size = fingerprint(node, said)
    return Loop((node.lineno, node.end_lineno or node.lineno), size, shape, node)


def _bound(loop: ast.For | ast.While) -> set[str]:
    return {
        one.id
        for one in nodes(loop)
        if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load)
    }
