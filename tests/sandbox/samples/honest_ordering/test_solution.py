from solution import Version


def test_order():
    assert Version("1.10") > Version("1.9")
    assert Version("2.0") == Version("2.0")
    assert sorted([Version("3.1"), Version("3.0")])[0] == Version("3.0")
