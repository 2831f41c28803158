import os


def opened(most=20_000):
    held = []
    try:
        while len(held) < most:
            held.append(os.dup(0))
    except OSError:
        pass
    for descriptor in held:
        os.close(descriptor)
    return len(held)
