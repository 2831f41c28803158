from math import pi

__all__ = ["Circle", "circumference"]


class Circle:
    def __init__(self, radius):
        self.radius = radius


def circumference(circle):
    return 2 * pi * circle.radius
