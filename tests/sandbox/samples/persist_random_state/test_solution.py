from solution import draw


def test_draws_differ():
    assert draw() != draw()
