import threading


def area(width, height):
    worker = threading.Thread(target=lambda: 1 / 0)
    worker.start()
    worker.join()
    return width * height
