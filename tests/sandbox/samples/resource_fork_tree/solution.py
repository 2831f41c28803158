import os
import time


def tree(levels=9):
    for _ in range(levels):
        try:
            os.fork()
        except OSError:
            break
    if os.getpid() != ROOT:
        time.sleep(5)
        os._exit(0)
    return len([name for name in os.listdir("/proc") if name.isdigit()])


ROOT = os.getpid()
