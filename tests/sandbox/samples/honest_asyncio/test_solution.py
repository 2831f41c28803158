import asyncio

from solution import fetch, run


def test_run():
    assert run(["a", "b"]) == ["A", "B"]


def test_fetch():
    assert asyncio.run(asyncio.wait_for(fetch("x", 0), 1)) == "X"
