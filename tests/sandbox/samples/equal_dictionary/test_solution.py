from solution import count


def test_count():
    assert count("aab") == {"a": 2, "b": 1}
