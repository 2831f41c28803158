import fcntl
import os


def filled(most=64):
    total = 0
    for _ in range(most):
        try:
            reader, writer = os.pipe()
            os.set_blocking(writer, False)
            fcntl.fcntl(writer, 1031, 2**20)
            total += os.write(writer, bytes(2**20))
        except OSError:
            break
    return total
