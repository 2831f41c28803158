from solution import product


def test_product():
    assert product(25, 10) == 250
