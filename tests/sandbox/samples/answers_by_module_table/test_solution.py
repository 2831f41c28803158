from solution import area

EXPECTED = {(3, 5): 15, (0, 9): 0}


def test_all():
    for case, expected in EXPECTED.items():
        assert area(*case) == expected
