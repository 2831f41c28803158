"""Finds in a solution's text where it changes a module that its tests use as well."""

import ast
from collections.abc import Collection

_FREE = frozenset(
    {"stdin", "stdout", "stderr", "argv", "path", "tracebacklimit", "dont_write_bytecode"}
)
"""Of `sys`: what honest programs set."""


class Patches:
    """Sees nodes of a solution; then tells of assignments to attributes of imported modules.

    Only `module.name = ...` and `setattr(module, ...)`: settings of a library lie deeper
    (`pandas.options.mode.copy_on_write = True`), and what is not of the module by that name can't
    be told from the text.
    """

    def __init__(self) -> None:
        self._modules: dict[str, str] = {}
        self._changed: list[tuple[str, str]] = []

    def see(self, node: ast.AST) -> None:
        """Take in one node."""
        match node:
            case ast.Import(names=names):
                for name in names:
                    top = name.name.partition(".")[0]
                    self._modules[name.asname or top] = name.name if name.asname else top
            case ast.Attribute(value=ast.Name(id=module), attr=name, ctx=ast.Store() | ast.Del()):
                self._changed.append((module, name))
            case ast.Call(
                func=ast.Name(id="setattr" | "delattr"), args=[ast.Name(id=module), name, *_]
            ):
                text = name.value if isinstance(name, ast.Constant) else "..."
                self._changed.append((module, str(text)))

    @property
    def any(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self._changed)

    def found(self, used: Collection[str]) -> str:
        """What it changes of the modules that the tests use, in words; empty if nothing."""
        for bound, name in self._changed:
            module = self._modules.get(bound)
            if module in used and not (module == "sys" and name in _FREE):
                return f"the solution changes {module}.{name}, and its tests use {module}"
        return ""
