from solution import fibonacci, first


def test_first():
    assert first(8) == [0, 1, 1, 2, 3, 5, 8, 13]


def test_generator():
    numbers = fibonacci()
    assert next(numbers) == 0
    assert next(numbers) == 1
