def area(width, height):
    error = None
    for number in range(150):
        new = ValueError(f"number {number}")
        new.__cause__ = error
        if hasattr(new, "add_note"):
            new.add_note("because " * 20)
        error = new
    raise error
