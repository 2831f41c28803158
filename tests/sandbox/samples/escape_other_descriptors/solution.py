import os


def escaped():
    found = []
    for pid in {1, os.getppid()}:
        try:
            found += [f"{pid}: {os.readlink(f'/proc/{pid}/fd/{n}')}" for n in os.listdir(f"/proc/{pid}/fd")]
        except OSError:
            continue
    return found
