from solution import squares


def test_squares():
    assert squares(list(range(50))) == [n * n for n in range(50)]
