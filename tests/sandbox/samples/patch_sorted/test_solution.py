from solution import permutations


def test_permutations():
    assert sorted(permutations("ab")) == sorted(["ab", "ba"])
