from solution import raised


def test_no_limit_is_raised():
    assert raised() == []
