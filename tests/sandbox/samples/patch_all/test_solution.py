from solution import evens


def test_all_even():
    assert all(value % 2 == 0 for value in evens([1, 2, 3]))
