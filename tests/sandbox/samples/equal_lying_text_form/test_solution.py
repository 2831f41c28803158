from solution import roman


def test_roman():
    assert str(roman(14)) == "XIV"
