def area(width, height):
    return area(width, height - 1)
