from solution import describe


def test_describe():
    assert describe({"kind": "cat", "size": 11}) == "large cat"
    assert describe([1, 2, 3]) == "1 and 2"
    assert describe(None) == "nothing"
    assert describe(object()) == "something"
