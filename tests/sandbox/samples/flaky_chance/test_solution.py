from solution import roll


def test_roll():
    assert roll() == 865
