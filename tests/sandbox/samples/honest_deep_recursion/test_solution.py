from solution import depth


def test_depth():
    assert depth(850) == 850
