"""Finds one module, by a loader made for it, before the rest of the import system is asked."""

from collections.abc import Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from types import ModuleType


class Finder:
    """For `sys.meta_path`; the module's name and file are its loader's."""

    def __init__(self, loader: SourceFileLoader) -> None:
        self._loader = loader

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,  # noqa: ARG002 - the import system passes it
    ) -> ModuleSpec | None:
        """The module's place and loader; None for every other module."""
        if fullname != self._loader.name or path is not None:
            return None
        return spec_from_file_location(fullname, self._loader.path, loader=self._loader)
