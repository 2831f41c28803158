def area(width, height):
    group = ExceptionGroup("one", [ValueError("x" * 1000)])
    for _ in range(400):
        group = ExceptionGroup("more", [group, ValueError("y" * 1000)])
    raise group
