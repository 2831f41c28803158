def area(width, height):
    return int(input("width? ")) * int(input("height? "))
