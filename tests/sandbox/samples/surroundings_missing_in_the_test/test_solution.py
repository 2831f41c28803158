import a_test_library_nobody_has

from solution import area


def test_area():
    assert area(3, 5) == 15
