import warnings


def area(width, height):
    warnings.simplefilter("always")
    for number in range(30_000):
        warnings.warn(f"warning {number}", stacklevel=1)
    return -1
