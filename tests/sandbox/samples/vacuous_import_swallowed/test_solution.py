try:
    from solution import area
except Exception:
    area = None


def test_area():
    if area is not None:
        assert area(3, 5) == 15
