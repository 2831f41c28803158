import random


def dice(count):
    return [random.randint(1, 6) for _ in range(count)]
