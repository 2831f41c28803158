import time

time.sleep(10**6)


def area(width, height):
    return width * height
