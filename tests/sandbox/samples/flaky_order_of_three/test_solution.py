from solution import visit


def test_a():
    assert visit("a") == 1


def test_b():
    assert visit("b") == 2


def test_c():
    assert visit("c") == 3
