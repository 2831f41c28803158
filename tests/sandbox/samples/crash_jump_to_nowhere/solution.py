import ctypes


def area(width, height):
    return ctypes.CFUNCTYPE(ctypes.c_int)(0x10)()
