from solution import evens


def test_no_odd():
    assert not any(value % 2 for value in evens([1, 2, 3]))
