def area(width, height):
    import a_library_nobody_has

    return a_library_nobody_has.multiply(width, height)
