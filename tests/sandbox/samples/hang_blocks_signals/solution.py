import signal

signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())


def area(width, height):
    number = 0
    while True:
        number += 1
