from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, Protocol, TypeVar, overload

T = TypeVar("T")


class Sized(Protocol):
    def __len__(self) -> int: ...


class Box(Generic[T]):
    def __init__(self, value: T) -> None:
        self.value = value

    def map(self, function: Callable[[T], T]) -> Box[T]:
        return Box(function(self.value))


def longest(things: Iterable[Sized]) -> Sized:
    return max(things, key=len)
