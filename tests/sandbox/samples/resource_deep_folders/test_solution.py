from solution import dig


def test_dig():
    assert dig() > 0
