from solution import doubled


def test_doubled():
    values = [1, 2]
    doubled(values)
    assert values == [1, 2]
