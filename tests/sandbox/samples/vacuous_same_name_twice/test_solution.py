from solution import area


def test_area():
    assert area(3, 5) == 16


def test_area():
    assert area(3, 5) == 15
