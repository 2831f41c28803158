from solution import divide


def test_divide():
    assert divide(17, 5) == (3, 2)
