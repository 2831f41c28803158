import mmap
import os
import time


def taken(children=8, size=280 * 2**20):
    done = mmap.mmap(-1, 4096)
    for child in range(children):
        if os.fork() == 0:
            try:
                held = mmap.mmap(-1, size)
                for place in range(0, size, 4096):
                    held[place] = 1
                done[child] = 1
                time.sleep(3)
            finally:
                os._exit(0)
    time.sleep(2.5)
    return sum(done[:children]) * size
