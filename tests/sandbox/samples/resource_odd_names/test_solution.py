import pytest

from solution import size


@pytest.mark.parametrize("text", ["\ud800", "\udfff\ud800", "a\x1b[2Jb", "\u202etxet"])
def test_size(text):
    assert size(text) == len(text)
