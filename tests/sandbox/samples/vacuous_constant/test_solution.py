from solution import area


def test_area():
    result = area(3, 5)
    assert 3 * 5 == 15
