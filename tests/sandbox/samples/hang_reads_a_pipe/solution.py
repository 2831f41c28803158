import os


def area(width, height):
    reader, writer = os.pipe()
    return os.read(reader, 1)
