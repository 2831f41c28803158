"""What a run's processes are handed besides its order: the two files, and a line between them."""

import os
import socket
from typing import NamedTuple

_PLACED = b"1"


class Sources(NamedTuple):
    """Descriptors of unnamed files; only a run's own processes read them."""

    solution: int
    test: int

    @staticmethod
    def read(descriptor: int) -> bytes:
        """The whole of one."""
        return os.pread(descriptor, os.fstat(descriptor).st_size, 0)


class Line(NamedTuple):
    """One end of the line between the two processes of a split run."""

    sock: socket.socket
    """Calls and answers."""
    placed: int
    """A pipe: the solution's process tells that the files are in their place."""

    @classmethod
    def pair(cls) -> tuple["Line", "Line"]:
        """The tests' end and the solution's."""
        reading, writing = os.pipe()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        return cls(ours, reading), cls(theirs, writing)

    def tell(self) -> None:
        """Tell the tests' process that it can begin."""
        os.write(self.placed, _PLACED)
        os.close(self.placed)

    def wait(self) -> None:
        """Wait until the files are in their place.

        Raises:
            OSError: The solution's process could not place them.
        """
        if os.read(self.placed, 1) != _PLACED:
            raise OSError("the solution's process of a split run could not be set up")
        os.close(self.placed)

    def close(self) -> None:
        """Close this process's copy."""
        self.sock.close()
        os.close(self.placed)
