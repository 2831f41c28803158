"""The host's store of chunks, as `hf_xet` uploads to it: enough to put files together again.

Formats as the Xet specification has them: a xorb is a row of compressed chunks; a shard tells of
each file which chunks of which xorbs it is made of, and its SHA-256.
"""

import hashlib
import struct
from collections.abc import Iterator

import pyarrow as pa

_HEADER = 48
"""Bytes of a shard's header, and of each of its entries."""

_VERIFIED, _EXTENDED = 1 << 31, 1 << 30
"""Flags of a file in a shard: what follows its entries."""

_END = b"\xff" * 32


class Cas:
    """Takes xorbs and shards, and puts files together into `objects`, by SHA-256."""

    def __init__(self, objects: dict[str, bytes]) -> None:
        self.objects = objects
        self.xorbs: dict[str, list[bytes]] = {}
        """Chunks by name of their xorb."""

    def xorb(self, name: str, data: bytes) -> bool:
        """Store a xorb; tells whether it is new."""
        new = name not in self.xorbs
        self.xorbs[name] = list(_chunks(data))
        return new

    def shard(self, data: bytes) -> None:
        """Store the files that a shard tells of.

        Raises:
            ValueError: The chunks of a file make other bytes than its SHA-256 says.
        """
        for digest, spans in _files(data):
            content = b"".join(
                chunk for xorb, start, end in spans for chunk in self.xorbs[xorb][start:end]
            )
            if hashlib.sha256(content).hexdigest() != digest:
                raise ValueError(f"no file of SHA-256 {digest}")
            self.objects[digest] = content


def _chunks(data: bytes) -> Iterator[bytes]:
    at = 0
    # A version above 0 is the start of a footer, which some clients send along.
    while at < len(data) and data[at] == 0:
        packed, kind, size = data[at + 1 : at + 4], data[at + 4], data[at + 5 : at + 8]
        start, length = at + 8, int.from_bytes(packed, "little")
        yield _unpacked(data[start : start + length], kind, int.from_bytes(size, "little"))
        at = start + length


def _unpacked(data: bytes, kind: int, size: int) -> bytes:
    if kind == 0:
        return data
    flat: bytes = pa.Codec("lz4").decompress(data, decompressed_size=size, asbytes=True)
    return flat if kind == 1 else _ungrouped(flat)


def _ungrouped(data: bytes) -> bytes:
    """Undo the grouping of every first, second, third and fourth byte of four."""
    out = bytearray(len(data))
    at = 0
    for position in range(4):
        count = (len(data) - position + 3) // 4
        out[position::4] = data[at : at + count]
        at += count
    return bytes(out)


def _files(data: bytes) -> Iterator[tuple[str, list[tuple[str, int, int]]]]:
    at = _HEADER
    while data[at : at + 32] != _END:
        flags, entries = struct.unpack_from("<II", data, at + 32)
        at += _HEADER
        spans = []
        for _ in range(entries):
            start, end = struct.unpack_from("<II", data, at + 40)
            spans.append((_name(data[at : at + 32]), start, end))
            at += _HEADER
        if flags & _VERIFIED:
            at += _HEADER * entries
        assert flags & _EXTENDED, "a file without its SHA-256"
        yield _name(data[at : at + 32]), spans
        at += _HEADER


def _name(digest: bytes) -> str:
    """A hash as the specification spells it: four little-endian numbers in hexadecimal."""
    return "".join(f"{part:016x}" for part in struct.unpack("<4Q", digest))
