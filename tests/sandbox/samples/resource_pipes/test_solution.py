from solution import filled


def test_pipes_are_bounded():
    assert filled() <= 64 * 2**20
