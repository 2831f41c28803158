from solution import locked


def test_nothing_is_locked():
    assert locked() == [False, False]
