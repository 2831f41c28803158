import atexit
import time

atexit.register(time.sleep, 3600)


def area(width, height):
    return width * height
