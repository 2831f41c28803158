def area(width, height):
    raise ValueError("y" * 60_000_000)
