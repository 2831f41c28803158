import re


def area(width, height):
    return len(re.findall(r"^(\w+\s?)*$", "word " * 40 + "!"))
