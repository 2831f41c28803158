import ctypes


def area(width, height):
    ctypes.memset(0, 1, 8)
