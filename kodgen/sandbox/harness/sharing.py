"""Notices mutable values that both processes go on holding after a call.

In one process, the tests and a solution that keeps a list it was given or gave out share that
list; in two, each has its own, and a later change of one is not seen in the other. So the
solution's side looks, by reference counts, for values that were kept; at the end both sides see
whether what was kept still holds what it did. If not, what the tests saw may not be what they
would have seen, and the split run is no judge.
"""

import gc
import sys
from typing import Any

from .leaves import NotPlain
from .values import MUTABLE, Packer, dumps

_SURE = 4
"""References to a root that nobody kept: in `roots`, in `kept`, our variable, the count's own."""
_MANY = 64
"""Suspects held before garbage is collected for them; cycles of closures keep many alive."""
MOST = 4096


def picture(value: Any) -> bytes:
    """A value's whole contents, to be compared later; empty if it is no longer plain."""
    try:
        return dumps(Packer().pack(value))
    except NotPlain:
        return b""


class Shared:
    """The solution's side."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[Any, bytes]] = {}
        self._limit = _MANY
        self._lost = False
        self._dropped: list[int] = []

    def note(self, roots: list[Any], kept: list[Any]) -> list[list[int]]:
        """Look for values that were kept; whose caller holds them in `roots` and `kept` only.

        Args:
            roots: A call's result and arguments.
            kept: The numbered values of the exchange.

        Returns:
            For each value kept: its token, and its number. For one that no longer is: its token,
            and -1.
        """
        suspect = False
        for value in roots:
            if type(value) in MUTABLE and sys.getrefcount(value) > _SURE:
                suspect = True
        if not suspect:
            return []
        # A function that calls itself from within a function is garbage in a cycle, and holds
        # what it had in hand.
        gc.collect(0)
        numbers = {id(one): number for number, one in enumerate(kept)}
        tokens = []
        for value in roots:
            if type(value) in MUTABLE and sys.getrefcount(value) > _SURE:
                tokens.append([id(value), numbers[id(value)]])
                self._hold(value)
        tokens += [[token, -1] for token in self._dropped]
        self._dropped.clear()
        return tokens

    def _hold(self, value: Any) -> None:
        now = picture(value)
        before = self._held.setdefault(id(value), (value, now))[1]
        self._lost = self._lost or before != now
        if len(self._held) > self._limit:
            self._forget()
            self._limit = max(_MANY, 2 * len(self._held))
            if len(self._held) > MOST:
                self._lost = True
                self._held.clear()

    def _forget(self) -> None:
        gc.collect()
        for token in [*self._held]:
            # The tuple's reference, and the count's own.
            if sys.getrefcount(self._held[token][0]) <= 2:
                del self._held[token]
                self._dropped.append(token)

    def verdict(self) -> list[Any]:
        """At the end: whether anything kept has changed, and the tokens of what is still kept."""
        if self._held:
            self._forget()
        changed = self._lost or any(picture(v) != before for v, before in self._held.values())
        return ["end", changed, [*self._held]]


class Lent:
    """The tests' side."""

    def __init__(self) -> None:
        self._copies: dict[int, list[tuple[Any, bytes]]] = {}
        self._count = 0

    def note(self, tokens: Any, kept: list[Any]) -> bool:
        """Remember the copies of what the solution keeps; False if there are too many.

        Raises:
            TypeError, ValueError, IndexError: `tokens` is not what `Shared.note` gives.
        """
        for token, number in tokens:
            if type(token) is not int or type(number) is not int:
                raise TypeError("a token that is no number")
            if number == -1:
                self._count -= len(self._copies.pop(token, ()))
            else:
                value = kept[number]
                self._copies.setdefault(token, []).append((value, picture(value)))
                self._count += 1
        return self._count <= MOST

    def changed(self, tokens: Any) -> bool:
        """Whether a copy of what is still kept was changed here.

        Raises:
            TypeError: `tokens` is not what `Shared.verdict` gives.
        """
        return any(
            picture(value) != before
            for token in tokens
            for value, before in self._copies.get(token, ())
        )
