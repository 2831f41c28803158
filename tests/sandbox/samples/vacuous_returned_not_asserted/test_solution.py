from solution import area


def test_area():
    return area(3, 5) == 15
