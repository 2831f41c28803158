from solution import area


def test_runs():
    area(3, 5)
