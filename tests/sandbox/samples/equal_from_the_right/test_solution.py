from solution import area


def test_rectangle():
    assert 15 == area(3, 5)


def test_flat():
    assert 0 == area(0, 9)
