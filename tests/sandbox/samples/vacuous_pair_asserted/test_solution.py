from solution import area


def test_area():
    assert (area(3, 5) == 15, "the area of a rectangle")
