import os


def area(width, height):
    os.abort()
