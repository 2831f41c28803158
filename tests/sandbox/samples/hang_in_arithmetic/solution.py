def area(width, height):
    return 7 ** (10**10) % 1000
