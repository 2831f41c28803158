from solution import area


def test_area():
    assert isinstance(area(3, 5), int)
    assert area(3, 5) == 15
