from solution import rotate


def test_rotate():
    grid = [[1, 2], [3, 4]]
    rotate(grid)
    assert grid == [[3, 1], [4, 2]]
