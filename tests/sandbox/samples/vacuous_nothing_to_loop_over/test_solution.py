from solution import evens


def test_evens():
    for value in evens([1, 2, 3, 4]):
        assert value % 2 == 0
