from solution import area


def test_area():
    expected = area(3, 5)
    assert area(3, 5) == expected
