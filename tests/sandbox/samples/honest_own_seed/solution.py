import random


def shuffled(values, seed):
    values = list(values)
    random.Random(seed).shuffle(values)
    return values
