import random
from types import FunctionType
from typing import Any

import pytest

from kodgen.sandbox.harness import footprint

pytestmark = pytest.mark.skipif(not footprint.readable(), reason="another layout of memory")


def made(number: int) -> FunctionType:
    def function(first: int, second: int = number, *, third: int = 1) -> int:
        return first + second + third

    assert isinstance(function, FunctionType)
    return function


def test_changed_dicts_are_told_apart() -> None:
    contents: list[dict[str, Any]] = [
        {f"{n}_{k}": object() for k in range(1 + n * 7)} for n in range(60)
    ]
    dicts = footprint.Dicts(contents)
    chance = random.Random(1)
    for _ in range(200):
        expected = sorted(chance.sample(range(60), chance.randrange(4)))
        before = [dict(contents[number]) for number in expected]
        for number in expected:
            name = chance.choice(list(contents[number]))
            contents[number][name] = object()
        assert sorted(dicts.differing()) == expected
        for number, old in zip(expected, before, strict=True):
            contents[number].update(old)
        assert dicts.differing() == []


def test_names_added_and_removed() -> None:
    one: dict[str, Any] = {"a": 1, "b": 2}
    dicts = footprint.Dicts([one, {"c": 3}])
    for number in range(1000):
        one[str(number)] = number
        assert dicts.differing() == [0]
    one.clear()
    assert dicts.differing() == [0]


def test_reading_changes_nothing() -> None:
    class Thing:
        value = 1

    names = {name: made(1) for name in ("a", "b")}
    dicts = footprint.Dicts([names, globals()])
    for _ in range(2000):
        assert (names["a"](1), Thing.value, footprint.__name__) is not None
    assert dicts.differing() == []


def test_changed_functions_are_told_apart() -> None:
    functions = [made(number) for number in range(3000)]
    watched = footprint.Functions(functions)
    assert watched.differing() == []
    functions[7].__defaults__ = (9,)
    functions[2999].__kwdefaults__ = {"third": 2}
    functions[1500].__code__ = functions[1500].__code__.replace(co_name="other")
    assert watched.differing() == [7, 1500, 2999]
    assert sum(function(1) for function in functions) > 0


def test_python_of_another_layout_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footprint.sys, "version_info", (3, 99))
    assert not footprint.readable()
