import itertools


def area(width, height):
    return sum(1 for _ in ()) + max(itertools.repeat(1))
