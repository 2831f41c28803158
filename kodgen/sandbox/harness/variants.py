"""Other forms of a trial's two files, put in place as they are imported.

The files stay as they are on disk; only what is compiled of one of them differs, and its code
still names the file and its lines.
"""

import ast
import sys
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

from .control import impossible
from .finder import Finder
from .probe import Hook
from .stub import skeleton

_Rewrite = Callable[[ast.Module], ast.Module]

_REWRITES: dict[str, tuple[str, _Rewrite]] = {
    "control": ("test_solution", impossible),
    "stub_raise": ("solution", lambda tree: skeleton(tree, "raise")),
    "stub_none": ("solution", lambda tree: skeleton(tree, "none")),
}
"""Of each kind of run: the module it rewrites, and how."""
KINDS = frozenset(_REWRITES)


def install(folder: str, kind: str, hook: Hook) -> Finder:
    """Have one module of a trial imported in another form, from now on.

    Args:
        folder: The folder with `solution.py` and `test_solution.py`.
        kind: `control`, `stub_raise` or `stub_none`.
        hook: What the control run's checks report to.

    Returns:
        The finder, now the first on `sys.meta_path`; it is taken away by removing it there.

    Raises:
        KeyError: There is no such kind.
    """
    name, rewrite = _REWRITES[kind]
    finder = Finder(_Loader(name, f"{folder}/{name}.py", rewrite, hook))
    sys.meta_path.insert(0, finder)
    return finder


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, rewrite: _Rewrite, hook: Hook) -> None:
        super().__init__(name, path)
        self._rewrite = rewrite
        self._hook = hook

    def get_code(self, fullname: str) -> CodeType:
        """Compile anew each time: a cached file would hold the module's other form."""
        path = self.get_filename(fullname)
        try:
            data = self.get_data(path)
        except FileNotFoundError as error:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname) from error
        return self.source_to_code(data, path)

    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> CodeType:  # type: ignore[override]
        """The code of the module's other form, under the file's own name and lines."""
        tree = self._rewrite(ast.parse(data, path))
        code: CodeType = compile(tree, path, "exec", dont_inherit=True, optimize=_optimize)
        return code

    def exec_module(self, module: ModuleType) -> None:
        """Run the module with the hook among its globals."""
        module.__dict__[Hook.name] = self._hook
        self._hook.armed = False
        try:
            super().exec_module(module)
        finally:
            self._hook.armed = True
