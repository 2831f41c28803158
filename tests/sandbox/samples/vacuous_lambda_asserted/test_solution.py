from solution import area


def test_area():
    assert lambda: area(3, 5) == 15
