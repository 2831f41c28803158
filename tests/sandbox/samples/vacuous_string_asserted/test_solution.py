from solution import area


def test_area():
    result = area(3, 5)
    assert "the result is %s and should be 15" % result
