import random


def coin():
    return random.random() < 0.5
