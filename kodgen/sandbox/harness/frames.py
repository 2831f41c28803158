"""Messages on a stream socket between two processes, each behind its length.

A plain stream, because a datagram holds at most some hundred KiB; only `send` and `recv` are used,
which a confined process may.
"""

import socket
import struct

from .leaves import Malformed
from .values import LONGEST

_LENGTH = struct.Struct("<I")
_AT_ONCE = 65536


def send(sock: socket.socket, body: bytes) -> None:
    """Send one message.

    Raises:
        OSError: The other end is gone.
    """
    sock.sendall(_LENGTH.pack(len(body)) + body)


def receive(sock: socket.socket) -> bytes | None:
    """The one message that was awaited; None if the other end hung up.

    Raises:
        Malformed: It is too long, broken off, or there is more than it.
        OSError: The socket is broken.
    """
    data: bytes | bytearray = sock.recv(_AT_ONCE)
    if not data:
        return None
    while len(data) < _LENGTH.size:
        data += _more(sock)
    (length,) = _LENGTH.unpack_from(data)
    if length > LONGEST:
        raise Malformed(f"a message of {length} bytes, {LONGEST} are allowed")
    end = _LENGTH.size + length
    if len(data) < end:
        data = bytearray(data)
        while len(data) < end:
            data += _more(sock)
    if len(data) > end:
        raise Malformed("more than the one message that was asked for")
    return bytes(data[_LENGTH.size :])


def _more(sock: socket.socket) -> bytes:
    data = sock.recv(_AT_ONCE)
    if not data:
        raise Malformed("a message that is broken off")
    return data
