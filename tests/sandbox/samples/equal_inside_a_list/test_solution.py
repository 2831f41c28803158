from solution import evens


def test_some():
    result = evens([1, 2, 3, 4])
    assert len(result) == 2
    assert result == [2, 4]
