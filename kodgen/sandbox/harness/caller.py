"""The tests' process of strict mode: a module `solution` whose functions are called elsewhere.

The other end (`callee`) runs untrusted code: every answer is checked, and only plain values are
built from it (see `values`). What can't be told apart from one process ends the run: `Unportable`
when a value or a use can't cross, `Broken` when the solution's process is gone or talks nonsense;
`state` says so too.
"""

import os
import socket
import sys
import threading
from collections.abc import Iterable
from typing import Any

from . import frames, standin
from .building import Unpacker, loads, refill
from .leaves import Malformed, NotPlain
from .raised import Classes
from .sharing import Lent
from .split import Broken, Unportable, give_up, refuse, state
from .values import MUTABLE, Packer, dumps

__all__ = ["Broken", "Unportable", "finish", "install", "state"]

_MOST_NAMES = 10_000


class _Line:
    """The connection to the solution's process: one exchange at a time."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._greeting = b""
        self._lent = Lent()
        self.classes = Classes(Unportable)

    def greeting(self) -> dict[str, Any]:
        """What names the solution has; raises what its import raised."""
        if not self._greeting:
            self._greeting = self._exchange(b"")
        match self._read(self._greeting):
            case ["names", dict(names)] if len(names) <= _MOST_NAMES:
                return names
            case ["raised", body]:
                raise self._error(body, Unpacker())
            case answer:
                raise _otherwise(answer)

    def call(self, name: str, arguments: Iterable[Any], named: dict[str, Any]) -> Any:
        """Call a function of the solution, and change what it changed."""
        packer = Packer(other=standin.pack_function)
        try:
            packed = packer.items(arguments)
            keywords = {key: packer.pack(value) for key, value in named.items()}
            body = dumps(["call", name, packed, keywords])
        except NotPlain as reason:
            refuse(f"gives {reason} to the solution")
        except RecursionError:
            refuse("gives a value too deep for the stack to the solution")
        state.calls += 1
        unpacker = Unpacker(packer.kept)
        match self._read(self._exchange(body)):
            case ["value", result, list(changes), list(tokens)]:
                value = self._value(unpacker, result)
                self._change(unpacker, changes, len(packer.kept))
                self._note(tokens, unpacker.kept)
                return value
            case ["raised", described, list(changes), list(tokens)]:
                error = self._error(described, unpacker)
                self._change(unpacker, changes, len(packer.kept))
                self._note(tokens, unpacker.kept)
                raise error
            case answer:
                raise _otherwise(answer)

    def get(self, name: str) -> Any:
        """The present value of a name that is no function."""
        match self._read(self._exchange(dumps(["get", name]))):
            case ["value", packed, [], list(tokens)]:
                unpacker = Unpacker()
                value = self._value(unpacker, packed)
                self._note(tokens, unpacker.kept)
                return value
            case ["raised", body]:
                raise self._error(body, Unpacker())
            case answer:
                raise _otherwise(answer)

    def end(self) -> None:
        """Ask whether the two processes still agree on what both hold; then hang up."""
        try:
            if self._greeting and not (state.broken or state.unportable):
                self._agree(self._read(self._exchange(dumps(["end"]))))
        except (Unportable, Broken):
            pass
        finally:
            self._socket.close()

    def _agree(self, answer: Any) -> None:
        match answer:
            case ["end", bool(changed), list(tokens)] if all(type(t) is int for t in tokens):
                if changed or self._lent.changed(tokens):
                    refuse("shares a value with the solution that one of them changed")
            case _:
                raise _otherwise(answer)

    def _exchange(self, body: bytes) -> bytes:
        """Send a message, unless it is empty, and wait for the answer."""
        if state.broken:
            give_up(state.broken)
        if state.unportable:
            refuse(state.unportable)
        if os.getpid() != self._process:
            give_up("the solution was called from a forked process")
        whole = False
        try:
            with self._lock:
                if body:
                    frames.send(self._socket, body)
                received = frames.receive(self._socket)
            whole = True
        except (OSError, Malformed) as error:
            if isinstance(error, OSError) and error.errno is None:
                # Not the socket's: a handler's TimeoutError is an OSError, too.
                raise
            whole = True
            give_up(f"the solution's process: {error}")
        finally:
            if not whole:
                # A signal's handler raised: the answer would be taken for that to the next call.
                state.unportable = state.unportable or "interrupts a call of the solution"
        if received is None:
            give_up("the solution's process ended")
        return received

    @staticmethod
    def _read(received: bytes) -> Any:
        try:
            return loads(received)
        except Malformed as error:
            give_up(f"the solution's process sent {error}")

    def _value(self, unpacker: Unpacker, packed: Any) -> Any:
        try:
            return unpacker.unpack(packed)
        except Malformed as error:
            give_up(f"the solution's process sent {error}")

    def _error(self, body: Any, unpacker: Unpacker) -> BaseException:
        try:
            return self.classes.build(body, unpacker)
        except Malformed as error:
            give_up(f"the solution's process sent {error}")

    def _change(self, unpacker: Unpacker, changes: list[Any], given: int) -> None:
        """Make the arguments hold what the solution has made of its own."""
        try:
            new = []
            for number, packed in changes:
                value = unpacker.kept[number]
                if not 0 <= number < given or type(value) not in MUTABLE:
                    give_up("the solution's process sent a change of what was not given")
                new.append((value, unpacker.part(value, packed)))
            for value, held in new:
                refill(value, held)
        except (Malformed, TypeError, ValueError, LookupError, RecursionError) as error:
            give_up(f"the solution's process sent {error}")
        state.changed_arguments += bool(new)

    def _note(self, tokens: list[Any], kept: list[Any]) -> None:
        if not tokens:
            return
        try:
            few = self._lent.note(tokens, kept)
        except (TypeError, ValueError, LookupError) as error:
            give_up(f"the solution's process sent {error}")
        if not few:
            refuse("shares too many values with the solution")


def _otherwise(answer: Any) -> BaseException:
    match answer:
        case ["unportable", str(reason)]:
            return Unportable(reason)
        case _:
            return Broken("the solution's process sent an answer of no known kind")


_line: _Line | None = None


def install(sock: socket.socket, names: Iterable[str]) -> None:
    """Make `import solution` give a stand-in, from now on in this process.

    Args:
        sock: A connected stream socket; the other end is the solution's (`callee.serve`).
        names: What `from solution import *` gives (`kodgen.sandbox.portable`): only what the
            tests mean to have from it, so that it can't put its own `approx` in place of theirs.
    """
    global _line  # noqa: PLW0603 - one run, one process
    _line = _Line(sock)
    sys.modules.pop(standin.NAME, None)
    sys.meta_path.insert(0, standin.Finder(_line, names))


def finish() -> None:
    """End the run: a last check, and the solution's process is hung up on. Never raises.

    Whether the run can be believed, `state` says only after this.
    """
    if _line is not None:
        _line.end()
