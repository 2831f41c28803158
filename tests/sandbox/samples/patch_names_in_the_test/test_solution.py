from solution import permutations


def test_permutations():
    assert len(permutations("abc")) == 6
