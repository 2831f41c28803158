from solution import tree


def test_tree_is_capped():
    assert tree() < 300
