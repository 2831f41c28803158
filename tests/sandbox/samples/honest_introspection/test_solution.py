from solution import Plugin, signature


def test_signature():
    assert signature(lambda a, b=1: None) == "(a, b=1)"


def test_registry():
    assert Plugin.registry["upper"]()("abc") == "ABC"
