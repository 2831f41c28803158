"""Finds in a solution's text where it changes a module that its tests may use as well."""

import ast

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
        self._modules: set[str] = set()
        self._changed: list[tuple[str, str]] = []

    def see(self, node: ast.AST) -> None:
        """Take in one node."""
        match node:
            case ast.Import(names=names):
                self._modules |= {name.asname or name.name.partition(".")[0] for name in names}
            case ast.Attribute(value=ast.Name(id=module), attr=name, ctx=ast.Store() | ast.Del()):
                self._changed.append((module, name))
            case ast.Call(
                func=ast.Name(id="setattr" | "delattr"), args=[ast.Name(id=module), name, *_]
            ):
                text = name.value if isinstance(name, ast.Constant) else "..."
                self._changed.append((module, str(text)))

    @property
    def found(self) -> str:
        """What it changes, in words; empty if nothing."""
        for module, name in self._changed:
            if module in self._modules and not (module == "sys" and name in _FREE):
                return f"the solution changes {module}.{name}, which its tests may use"
        return ""
