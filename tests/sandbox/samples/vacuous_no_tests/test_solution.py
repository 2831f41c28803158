from solution import area


def verify_area():
    assert area(3, 5) == 15
