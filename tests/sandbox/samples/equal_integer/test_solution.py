from solution import area


def test_type():
    assert type(area(1, 1)) is not str
    assert isinstance(area(1, 1), int)
    assert area(3, 5) == 15
