import os


def write(name, text):
    with open(name, "w") as file:
        file.write(text)
    return os.path.getsize(name)
