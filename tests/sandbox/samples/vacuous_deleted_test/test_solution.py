from solution import area


def test_area():
    assert area(3, 5) == 15


def test_wrong():
    assert area(3, 5) == 16


del test_wrong
