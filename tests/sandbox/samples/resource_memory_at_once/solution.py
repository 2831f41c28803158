def area(width, height):
    return len(bytes(64 * 2**30)) and width * height
