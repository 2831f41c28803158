from solution import area


def test_area():
    assert (area(w, h) == w * h for w, h in [(3, 5), (0, 9)])
