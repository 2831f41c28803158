import sys

from solution import area


def test_area():
    assert area(3, 5) == 15


if sys.platform == "amiga":

    def test_wrong():
        assert area(3, 5) == 16
