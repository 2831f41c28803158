from solution import third


def test_third():
    assert str(third()) == "0." + "3" * 50
