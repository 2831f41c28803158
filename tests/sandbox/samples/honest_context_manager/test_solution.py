import pytest

from solution import recorded


def test_recorded():
    log = []
    with recorded(log, "a") as name:
        assert name == "a"
    assert log == ["enter a", "leave a"]


def test_error():
    log = []
    with pytest.raises(KeyError), recorded(log, "b"):
        raise KeyError
    assert log[-1] == "leave b"
