"""Whether a solution can be put to tests that were written for another one, told without running.

Trials of one question may choose other names, and other parameters for the same name. That one's
tests then fail for the other says nothing of either.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from kodgen.consensus.calls import fits, reordered
from kodgen.consensus.shape import Shape, shape_of
from kodgen.parse.python import is_test, python_tree
from kodgen.sandbox.taking import MODULE, Offered, Taking


@dataclass(frozen=True, slots=True)
class Misfit:
    """What of a test file can't be compared."""

    reason: str = ""
    """Why none of it can be; empty if some can."""
    tests: frozenset[str] = frozenset()
    """Test functions that can't be, as `test_a` and `TestB::test_c`."""


class Asked:
    """What a test file asks of the solution that it was written for.

    Args:
        test: Its source.
        solution: Source of that solution.

    Raises:
        ValueError: One of the two is not Python.
    """

    def __init__(self, test: str, solution: str) -> None:
        tree, own = python_tree(test), python_tree(solution)
        if tree is None or own is None:
            raise ValueError("not Python")
        self._tree = tree
        self._own = shape_of(own)
        taking = Taking(test, Offered(own))
        self.anything = taking.anything
        """Whether the tests take anything of a solution; else they say nothing of it."""
        self.needed = taking.origins & self._own.names
        """Names that they ask for."""
        self._aliases = taking.aliases
        self._called = {name: name for name in taking.names}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == MODULE:
                self._called |= {one.asname or one.name: one.name for one in node.names}

    def alias(self, other: Shape, asked: "Asked | None") -> tuple[str, str] | None:
        """The name that the tests ask for, and that of another solution's for the same thing.

        Where a question names no function, each trial calls it as it likes. So the one function
        that these tests ask for and the other solution lacks is taken to be the one that the other
        trial's tests ask for and this solution lacks; None where there is no such pair.

        Args:
            other: The other solution.
            asked: What the other trial's tests ask for.
        """
        if asked is None or other.open or self._own.open:
            return None
        wanted = sorted(self.needed - other.names)
        spare = sorted(asked.needed - self._own.names)
        if len(wanted) != 1 or len(spare) != 1:
            return None
        (name,), (theirs,) = wanted, spare
        return (name, theirs) if name in self._own.functions and theirs in other.functions else None

    def misfit(self, other: Shape) -> Misfit:
        """What of the tests can't be put to another solution."""
        if other.open:
            return Misfit()
        lacking = sorted(self.needed - other.names)
        if lacking:
            return Misfit(f"the solution has no {', '.join(lacking)}")
        found: set[str] = set()
        scopes = list(_scopes(self._tree))
        for scope, node in scopes:
            why = self._why_not(node, other)
            if why and scope is None:
                return Misfit(why)
            if why and scope is not None:
                found.add(scope)
        if found and found == {scope for scope, _ in scopes if scope is not None}:
            return Misfit("no test of it fits the solution's names and parameters")
        return Misfit(tests=frozenset(found))

    def _why_not(self, root: ast.AST, other: Shape) -> str:
        for node in ast.walk(root):
            if isinstance(node, ast.Attribute):
                name = node.attr
                if self._of_module(node):
                    if name in self._own.names and name not in other.names:
                        return f"the solution has no {name}"
                elif name in self._own.members and name not in other.members:
                    return f"the solution's classes have no {name}"
            if isinstance(node, ast.Call):
                why = self._call(node, other)
                if why:
                    return why
        return ""

    def _call(self, call: ast.Call, other: Shape) -> str:
        match call.func:
            case ast.Name(id=name) if name in self._called:
                name = self._called[name]
            case ast.Attribute(attr=name) as function if self._of_module(function):
                pass
            case ast.Attribute(attr=name):
                pairs = [(self._own.methods.get(name), other.methods.get(name), True)]
                return _against(call, name, pairs)
            case _:
                return ""
        pairs = [
            (self._own.functions.get(name), other.functions.get(name), False),
            (self._own.constructors.get(name), other.constructors.get(name), True),
        ]
        return _against(call, name, pairs)

    def _of_module(self, node: ast.Attribute) -> bool:
        return isinstance(node.value, ast.Name) and node.value.id in self._aliases


Pairing = tuple[ast.arguments | None, ast.arguments | None, bool]
"""Parameters here, parameters there, and whether the first is given already."""


def _against(call: ast.Call, name: str, pairs: list[Pairing]) -> str:
    """Why a call that fits one solution's function does not fit another's; empty if it does."""
    for own, other, bound in pairs:
        if own is None or other is None or not fits(call, own, bound=bound):
            continue
        if not fits(call, other, bound=bound):
            return f"{name} takes other parameters"
        if reordered(call, own, other):
            return f"{name} takes its parameters in another order"
    return ""


def _scopes(tree: ast.Module) -> Iterator[tuple[str | None, ast.stmt]]:
    """Statements of a test file with the test that each belongs to; None for what all share."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and is_test(node):
            for part in node.body:
                yield (f"{node.name}::{part.name}" if _is_method(part) else None), part  # type: ignore[attr-defined]
        elif is_test(node) and not isinstance(node, ast.ClassDef):
            yield node.name, node  # type: ignore[attr-defined]
        else:
            yield None, node


def _is_method(node: ast.stmt) -> bool:
    return is_test(node) and not isinstance(node, ast.ClassDef)
