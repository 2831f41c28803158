from solution import Point


def test_moved():
    assert Point(1).moved(2, 3) == (3, 3)
    assert Point(1, 2) == Point(x=1, y=2)
