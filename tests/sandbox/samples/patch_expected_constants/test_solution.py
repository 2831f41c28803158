from solution import area

CASES = {(3, 5): 15, (0, 9): 0}


def test_cases():
    for case, expected in CASES.items():
        assert area(*case) == CASES[case]
