import os
import sys


def area(width, height):
    for _ in range(3000):
        os.write(1, b"x" * 50_000)
        sys.stderr.write("y" * 50_000)
    return -1
