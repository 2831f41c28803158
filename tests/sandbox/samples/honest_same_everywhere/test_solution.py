import time

from solution import unique


def test_unique():
    assert unique(["b", "a", "b"]) == ["a", "b"]


def test_sleep():
    begun = time.monotonic()
    time.sleep(0.01)
    assert time.monotonic() - begun >= 0.005


def test_empty():
    assert unique([]) == []
