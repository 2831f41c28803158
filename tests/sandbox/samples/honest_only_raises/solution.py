class TooSmall(ValueError):
    pass


def root(number):
    if number < 0:
        raise TooSmall(number)
    return number**0.5
