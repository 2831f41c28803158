from solution import FOUND


def test_nothing_was_left():
    assert FOUND == []
