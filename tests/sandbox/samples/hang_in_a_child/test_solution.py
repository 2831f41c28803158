from solution import area


def test_rectangle():
    assert area(3, 5) == 15
