"""Tells whether dicts and functions are as they were, by reading the memory that they lie in.

Looking at an object from Python counts a reference, and to write the count in a forked process
copies the page that the object is on: to look at some 4,000 objects that a run did not use copies
800 pages and takes 2.7 ms. To read the pointers to them copies none, and takes a tenth of that.

The layout is CPython's: of a dict, a pointer to the block of its keys and values; of a function,
pointers to its code and defaults side by side. `readable` tries both on objects of its own. Where
they don't behave as expected, nothing else here may be used.
"""

import ctypes
import struct
import sys
from collections.abc import Sequence
from types import FunctionType
from typing import Any, cast

# Bound now: when these are called, builtins may be the solution's.
_bytes, _enumerate, _len, _set = bytes, enumerate, len, set
_join = b"".join

_WORD = struct.calcsize("P")
_DICT_SIZE = 6 * _WORD
_KEYS_AT, _KEYS_SIZE = 4 * _WORD, 2 * _WORD
"""Of a dict: the pointers to its keys and, if it has them apart, to its values."""
_HEADER = 4 * 8
"""Bytes of a block of keys that count references and versions, and may change by reading."""
_CHUNK = 64 * 1024
"""Bytes compared at once: more, and the memory for it would be asked of the system each time."""


class Regions:
    """Pieces of memory, each with what was in it."""

    def __init__(self, pieces: Sequence[tuple[int, int]]) -> None:
        """Take note of what is in each piece, given by its address and size in bytes."""
        self._chunks: list[tuple[int, bytes, tuple[Any, ...]]] = []
        views: list[Any] = []
        first = size = 0
        for number, (address, length) in enumerate(pieces):
            views.append((ctypes.c_char * length).from_address(address))
            size += length
            if size >= _CHUNK or number == len(pieces) - 1:
                self._chunks.append((first, b"".join(views), tuple(views)))
                first, size, views = number + 1, 0, []

    def differing(self) -> list[int]:
        """Positions of the pieces in which something else is now."""
        found: list[int] = []
        for first, before, views in self._chunks:
            if _join(views) == before:
                continue
            at = 0
            for number, view in _enumerate(views):
                end = at + _len(view)
                if _bytes(view) != before[at:end]:
                    found.append(first + number)
                at = end
        return found


class Dicts:
    """Dicts, each with the names and objects that it held."""

    def __init__(self, dicts: Sequence[dict[str, Any]]) -> None:
        self._dicts = tuple(dicts)
        self._headers = Regions([(id(each) + _KEYS_AT, _KEYS_SIZE) for each in dicts])
        self._blocks = [Regions([_block(each)]) for each in dicts]
        self._together = Regions([_block(each) for each in dicts])

    def differing(self) -> list[int]:
        """Positions of the dicts that hold something else, or the same in another order."""
        moved = self._headers.differing()
        if not moved:
            return self._together.differing()
        # The block of a dict that moved to another may be no memory any more.
        gone = _set(moved)
        for number, block in _enumerate(self._blocks):
            if number not in gone and block.differing():
                moved.append(number)
        return moved


class Functions:
    """Functions, each with the code and defaults that it had."""

    def __init__(self, functions: Sequence[FunctionType]) -> None:
        self._functions = tuple(functions)
        offset = _offset_of_code(_sample)
        self._regions = Regions([(id(each) + offset, 3 * _WORD) for each in functions])

    def differing(self) -> list[int]:
        """Positions of the functions that have other code, or other defaults."""
        return self._regions.differing()


def _block(content: dict[str, Any]) -> tuple[int, int]:
    """Address and size of a dict's keys and values, without what reading may change."""
    (keys,) = struct.unpack("P", ctypes.string_at(id(content) + _KEYS_AT, _WORD))
    size = dict.__sizeof__(content) - dict.__basicsize__
    return keys + _HEADER, max(0, size - _HEADER)


def _make_sample() -> FunctionType:
    def sample(first: int, second: int = 2, *, third: int = 3) -> int:
        return first + second + third

    return cast("FunctionType", sample)


_sample = _make_sample()


def _offset_of_code(function: FunctionType) -> int:
    """Where in a function its code, defaults and keyword defaults are; -1 if not found."""
    words = struct.unpack_from(f"{FunctionType.__basicsize__ // _WORD}P", _memory(function))
    wanted = [id(function.__code__), id(function.__defaults__), id(function.__kwdefaults__)]
    for number in range(len(words) - 2):
        if list(words[number : number + 3]) == wanted:
            return number * _WORD
    return -1


def _memory(function: FunctionType) -> bytes:
    return ctypes.string_at(id(function), FunctionType.__basicsize__)


def readable() -> bool:
    """Whether this Python's dicts and functions can be read in this way."""
    known = (
        sys.implementation.name == "cpython"
        and (3, 11) <= sys.version_info < (3, 15)
        and _WORD == 8
        and object.__basicsize__ == 2 * _WORD
        and dict.__basicsize__ == _DICT_SIZE
    )
    return known and _offset_of_code(_sample) > 0 and _tells_dicts() and _tells_functions()


def _tells_dicts() -> bool:
    names = [f"name{number}" for number in range(50)]
    one: dict[str, Any] = {name: object() for name in names}
    two: dict[str, Any] = {name: object() for name in names}
    dicts = Dicts([one, two])
    same = [dicts.differing() == [] and all(one[name] is not None for name in names)]
    before = two["name7"]
    two["name7"] = object()
    seen = [dicts.differing() == [1]]
    two["name7"] = before
    same.append(dicts.differing() == [])
    one["another"] = before
    seen.append(dicts.differing() == [0])
    one.update(dict.fromkeys(map(str, range(500))))
    seen.append(dicts.differing() == [0])
    return all(same) and all(seen)


def _tells_functions() -> bool:
    function = _make_sample()
    functions = Functions([_sample, function])
    same = functions.differing() == []
    code, defaults = function.__code__, function.__defaults__
    function.__code__ = code.replace(co_name="other")
    seen = functions.differing() == [1]
    function.__code__, function.__defaults__ = code, (4,)
    seen = seen and functions.differing() == [1]
    function.__defaults__ = defaults
    return same and seen and functions.differing() == []
