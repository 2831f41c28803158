import pytest

from solution import parse_age


def test_age():
    assert parse_age("41") == 41


@pytest.mark.parametrize("text", ["-1", "", "old"])
def test_refused(text):
    with pytest.raises(ValueError):
        parse_age(text)


def test_message():
    with pytest.raises(ValueError, match="an age of -7") as caught:
        parse_age("-7")
    assert "-7" in str(caught.value)
