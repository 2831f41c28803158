from solution import mean


def test_mean():
    result = mean([1.0, 2.0])
    assert isinstance(result, float)
    assert result == 1.5
