"""The tests' side of a split run: what its process imports, and what the run came to."""

import socket
import sys
from importlib.machinery import SourceFileLoader
from types import CodeType

from . import caller
from .finder import Finder

_NAME = "test_solution"


def install(folder: str, test: bytes, sock: socket.socket, names: list[str]) -> None:
    """Have `solution` be a stand-in, and the test file be read from memory, from now on.

    On disk it is empty: the solution's process sees the same files.

    Args:
        folder: Where both files are.
        test: The test file's content.
        sock: To the solution's process.
        names: What `from solution import *` gives.
    """
    caller.install(sock, names)
    sys.meta_path.insert(0, Finder(_Loader(_NAME, f"{folder}/{_NAME}.py", test)))


def outcome() -> dict[str, str]:
    """End the run; why the pair can't be split, and how the solution's process failed."""
    caller.finish()
    return {"unportable": caller.state.unportable, "broken": caller.state.broken}


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, text: bytes) -> None:
        super().__init__(name, path)
        self._text = text

    def get_code(self, fullname: str) -> CodeType:
        code: CodeType = self.source_to_code(self._text, self.get_filename(fullname))
        return code
