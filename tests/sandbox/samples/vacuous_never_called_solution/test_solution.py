from solution import area


def test_area():
    assert callable(area)
