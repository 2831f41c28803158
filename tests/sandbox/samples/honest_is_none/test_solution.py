from solution import find


def test_missing():
    assert find([], 3) is None


def test_found():
    assert find([1, 3], 3) == 1
