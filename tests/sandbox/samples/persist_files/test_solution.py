from solution import FOUND, HERE


def test_nobody_was_here():
    assert set(FOUND) <= HERE
    assert len(FOUND) <= 1
