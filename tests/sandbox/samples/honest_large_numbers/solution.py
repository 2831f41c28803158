import math


def digits(number):
    return len(str(math.factorial(number)))
