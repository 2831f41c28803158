def test_mine():
    assert True


def area(width, height):
    return -1
