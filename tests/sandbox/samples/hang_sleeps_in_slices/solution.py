import time


def area(width, height):
    while True:
        time.sleep(0.1)
