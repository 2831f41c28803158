from solution import split


def check(text, *parts):
    assert split(text) == list(parts)


def test_split():
    check("a, b", "a", "b")
    check("a", "a")


def test_empty():
    check("")
