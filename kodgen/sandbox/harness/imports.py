"""Tells whether untrusted code got between the tests and the modules they import."""

import sys
import sysconfig
from types import ModuleType
from typing import Any

_STANDARD = frozenset(sys.stdlib_module_names)
_FROM_NO_FILE = ("built-in", "frozen")


class Imports:
    """How modules are found, as it was when this was made: at the start of a run."""

    def __init__(self) -> None:
        paths = sysconfig.get_paths()
        self._folders = tuple(f"{paths[name]}/" for name in ("stdlib", "platstdlib"))
        self._modules = frozenset(sys.modules)
        self._finders = [(name, list(getattr(sys, name))) for name in ("meta_path", "path_hooks")]

    def changed(self) -> list[str]:
        """Names of what is not as an honest import leaves it; empty if all is.

        Packages may add a finder of their own behind those that are there. And a module with the
        name of a standard one is that one.
        """
        found = [
            f"sys.{name}"
            for name, before in self._finders
            if any(a is not b for a, b in zip(before, getattr(sys, name), strict=False))
            or len(getattr(sys, name)) < len(before)
        ]
        new = _STANDARD.intersection(sys.modules) - self._modules
        return found + [f"sys.modules.{n}" for n in sorted(new) if not self._own(sys.modules[n])]

    def _own(self, module: Any) -> bool:
        spec = getattr(module, "__spec__", None)
        origin = getattr(spec, "origin", None)
        if not isinstance(module, ModuleType) or not isinstance(origin, str):
            return False
        return origin in _FROM_NO_FILE or origin.startswith(self._folders)
