from solution import area


def test_area():
    cases = []
    for width, height, expected in cases:
        assert area(width, height) == expected
