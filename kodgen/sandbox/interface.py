"""What names a module binds at its top level, and how it came by them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from kodgen.sandbox.testfile import nodes

DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_DATA = (
    *(ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.UnaryOp, ast.BinOp),
    *(ast.ListComp, ast.DictComp, ast.SetComp),
)


@dataclass(frozen=True, slots=True)
class Interface:
    """Names that a solution's module has."""

    makes: frozenset[str]
    """Its functions and classes, and objects that are not plain data."""
    borrows: frozenset[str]
    """Only imported from elsewhere."""

    @property
    def public(self) -> frozenset[str]:
        """What `import *` gives of it, where it does not say."""
        return frozenset(name for name in self.makes if not name.startswith("_"))


def interface_of(tree: ast.Module) -> Interface:
    """Read a solution's interface."""
    makes: set[str] = set()
    borrows: set[str] = set()
    holds: set[str] = set()
    for node in statements(tree.body):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                makes.add(name)
            case ast.ClassDef(name=name):
                makes.add(name)
            case ast.Assign(targets=targets, value=value):
                names = {part.id for part in nodes(*targets) if isinstance(part, ast.Name)}
                (holds if isinstance(value, _DATA) else makes).update(names)
            case ast.AnnAssign(target=ast.Name(id=name)):
                holds.add(name)
            case ast.Import() | ast.ImportFrom():
                borrows |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
            case _:
                pass
    return Interface(frozenset(makes), frozenset(borrows - makes - holds))


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements of one scope in their order, those within branches after what they stand in.

    Left out is what is in functions and classes, in handlers of a `try`, and what only a script
    runs.
    """
    pending = list(reversed(body))
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and is_main_guard(node):
            continue
        yield node
        if not isinstance(node, DEFINITION):
            for name in ("finalbody", "orelse", "body"):
                block = getattr(node, name, None)
                if isinstance(block, list):
                    pending.extend(reversed(block))


def is_main_guard(node: ast.If) -> bool:
    """Whether this is the branch of a module that only a script runs."""
    return any(isinstance(part, ast.Name) and part.id == "__name__" for part in nodes(node.test))
