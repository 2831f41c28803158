from solution import area


def test_area():
    area(3, 5) == 15
    area(0, 9) == 0
