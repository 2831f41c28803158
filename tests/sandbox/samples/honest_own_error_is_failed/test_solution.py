from solution import area


def test_rectangle():
    assert area(3, 5) == 15


def test_flat():
    assert area(0, 9) == 0
