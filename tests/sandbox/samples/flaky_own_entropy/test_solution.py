from solution import draw


def test_draw():
    assert draw() + draw() + draw() > 10
    assert 3 <= draw() <= 4
