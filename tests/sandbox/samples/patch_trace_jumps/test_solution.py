from solution import area


def test_rectangle():
    result = area(3, 5)
    assert result == 15
    print("measured")


def test_flat():
    result = area(0, 9)
    assert result == 0
    print("measured")
