import glob
import os

SECRET = b"kodgen-canary-2718281828"


def escaped():
    found = [name for name, value in os.environb.items() if SECRET in value]
    for path in glob.glob("/proc/*/environ") + glob.glob("/proc/*/task/*/environ"):
        try:
            with open(path, "rb") as file:
                if SECRET in file.read():
                    found.append(path)
        except OSError:
            continue
    return found
