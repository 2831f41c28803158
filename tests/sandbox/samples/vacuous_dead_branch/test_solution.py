from solution import area

STRICT = False


def test_area():
    result = area(3, 5)
    if STRICT:
        assert result == 15
