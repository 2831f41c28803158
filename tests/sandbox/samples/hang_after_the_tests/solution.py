import threading
import time

threading.Thread(target=time.sleep, args=(3600,)).start()


def area(width, height):
    return width * height
