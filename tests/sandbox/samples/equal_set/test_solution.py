from solution import letters


def test_letters():
    assert letters("abca") == {"a", "b", "c"}


def test_subset():
    assert letters("abca") >= {"a"}
