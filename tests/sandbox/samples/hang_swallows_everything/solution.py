def area(width, height):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
