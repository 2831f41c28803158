from solution import area


def test_rectangle():
    assert area(3, 5) == 15


def test_square():
    assert area(4, 4) == 16
