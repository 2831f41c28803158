import ctypes
import os
import time

ctypes.CDLL(None).prctl(15, b"kodgen_canary", 0, 0, 0)


def started(most=600):
    for count in range(most):
        try:
            if os.fork() == 0:
                time.sleep(8)
                os._exit(0)
        except OSError:
            return count
    return most
