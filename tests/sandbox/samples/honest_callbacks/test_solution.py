from solution import apply, compose


def test_compose():
    assert compose(str, lambda n: n + 1)(4) == "5"


def test_apply():
    seen = []
    assert apply(seen.append, [1, 2]) == [None, None]
    assert seen == [1, 2]
