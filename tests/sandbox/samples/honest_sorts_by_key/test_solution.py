from solution import Task, order


def test_order():
    assert order([("b", 2), ("a", 1), ("c", 3)]) == ["a", "b", "c"]
    assert Task("x", 1) < Task("y", 2)
