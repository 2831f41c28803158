import a_library_nobody_has.fast as fast


def area(width, height):
    return fast.multiply(width, height)
