"""The trial's end of the report channel: one JSON object to a datagram, behind the nonce.

The receiver knows the sender by what the kernel says of it, checks every field, and believes
nothing else; see kodgen.sandbox.messages for what it accepts.
"""

import json
import os
import socket
from typing import Any

LONGEST = 60_000
"""Bytes of a datagram; the receiver takes 65,536."""


class Channel:
    """A connected socket, and the process that may speak on it."""

    def __init__(self, sock: socket.socket, nonce: str) -> None:
        self._socket = sock
        self._nonce = nonce.encode()
        self._owner = os.getpid()
        self._dumps = json.dumps

    def claim(self) -> None:
        """Make this process the one that speaks, after a fork."""
        self._owner = os.getpid()

    def close(self) -> None:
        """Close this process's copy of it."""
        self._socket.close()

    def send(self, kind: str, **fields: Any) -> None:
        """Send one message; nothing happens in a process forked off by untrusted code."""
        if os.getpid() != self._owner:
            return
        body = self._dumps({"kind": kind, **fields}, separators=(",", ":")).encode()
        self._socket.sendall(self._nonce + body)

    def send_names(self, names: list[str]) -> None:
        """Send the collected tests' names, over as many messages as they need."""
        chunk: list[str] = []
        size = 0
        for name in names:
            # A JSON escape makes at most six bytes of a character, twelve beyond the BMP.
            length = len(name.encode("ascii", "backslashreplace")) * 2 + 16
            if chunk and size + length > LONGEST // 2:
                self.send("collected", names=chunk, total=len(names))
                chunk, size = [], 0
            chunk.append(name)
            size += length
        self.send("collected", names=chunk, total=len(names))
