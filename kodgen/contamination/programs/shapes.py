"""Functions as shapes: what is left of one when names, layout, words and annotations go.

Names that a program could choose otherwise (parameters, locals, helpers, the function's own) are
numbered in order of appearance; names of built-ins, of imported things (by where they come from,
whatever they are called here), of attributes and of keyword arguments stay, and so do constants.
"""

import ast
import builtins
import copy
import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kodgen.contamination.programs.tokens import Told, told
from kodgen.contamination.programs.trees import Function, functions, imports, tree_of

BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True, slots=True)
class Shape:
    """One function of a module."""

    name: str
    """With its class or outer function before it: `Solution.add`."""
    lines: tuple[int, int]
    """First and last, counted from 1."""
    size: int
    """Nodes of the shape."""
    shape: str
    """Digest of the shape."""
    verbatim: str
    """Digest of the same with all names and annotations as they are written."""
    outermost: bool
    """Whether it is inside no other function."""


@dataclass(frozen=True, slots=True)
class ToldFunction:
    """A function's shape, and what it was made of."""

    shape: Shape
    told: Told
    function: Function
    own: Collection[str]
    """Names that mean nothing outside the module: bound inside, imported, and the function's."""


@lru_cache(maxsize=2048)
def shapes(code: str) -> tuple[Shape, ...] | None:
    """Every function and method of a module, in order; None where it is not Python."""
    tree = tree_of(code)
    if tree is None:
        return None
    try:
        return tuple(one.shape for one in told_functions(tree))
    except RecursionError:
        return None


def told_functions(tree: ast.Module) -> Iterator[ToldFunction]:
    """Every function and method of a module, in order."""
    imported = imports(tree)
    for name, function, outermost in functions(tree):
        yield _told_function(function, name, outermost, imported)


def fingerprint(node: ast.AST, name: Callable[[str], str]) -> tuple[str, int]:
    """Digest and number of nodes of a tree, its names said as `name` says them."""
    one = told(node)
    return _digest(one.named(name)), one.size


def _told_function(
    function: Function, name: str, outermost: bool, imported: Mapping[str, str]
) -> ToldFunction:
    bare = copy.copy(function)
    bare.decorator_list = []
    # Only they can bind names as well.
    local = {function.name}.union(*(told(one).bound for one in function.decorator_list))
    if "." in name and outermost and bare.args.args and bare.args.args[0].arg == "self":
        # The same function, put into a class.
        bare.args = copy.copy(bare.args)
        bare.args.args = bare.args.args[1:]
        local.add("self")
    one = told(bare)
    local |= one.bound
    numbers: dict[str, str] = {}

    def said(identifier: str) -> str:
        if identifier not in local:
            if identifier in imported:
                return imported[identifier]
            if identifier in BUILTINS:
                return identifier
        return numbers.setdefault(identifier, f"_{len(numbers)}")

    shape, verbatim = _digest(one.named(said)), _digest(one.verbatim())
    lines = (function.lineno, function.end_lineno or function.lineno)
    known = Shape(name, lines, one.size, shape, verbatim, outermost)
    return ToldFunction(known, one, function, local | imported.keys())


def _digest(tokens: list[str]) -> str:
    text = "\x1f".join(tokens)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
