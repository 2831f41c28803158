from solution import Circle, Shape, make


def test_make():
    assert isinstance(make("circle"), Shape)
    assert isinstance(make("circle"), Circle)
