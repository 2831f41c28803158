import sys

sys.setrecursionlimit(10**8)


def area(width, height):
    value = []
    for _ in range(2_000_000):
        value = [value]
    return repr(value)
