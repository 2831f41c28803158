from solution import to_hsv

import colorsys


def test_hsv():
    assert to_hsv(1, 0, 0) == colorsys.rgb_to_hsv(1, 0, 0)
    assert to_hsv(0, 1, 0) == colorsys.rgb_to_hsv(0, 1, 0)
