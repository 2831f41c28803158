from solution import coin


def test_coin():
    assert coin()
    assert coin()
    assert coin()
