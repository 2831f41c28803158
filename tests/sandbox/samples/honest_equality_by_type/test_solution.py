from solution import Nothing, find


def test_find():
    assert find([1, 2], 2) == 1
    assert find([], 2) == Nothing()
    assert find([], 2) != 2
