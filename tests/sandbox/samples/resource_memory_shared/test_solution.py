from solution import taken


def test_less_than_a_gigabyte():
    assert taken() > 2**31
    assert taken() < 2**30
