from solution import area


def test_rectangle():
    expected = 15
    assert area(3, 5) == expected
