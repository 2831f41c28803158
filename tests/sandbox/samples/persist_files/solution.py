import os

PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/run", ".", os.path.expanduser("~"), "/")


def escaped():
    found = []
    for folder in PLACES:
        path = f"{folder}/kodgen_canary_left"
        if os.path.exists(path):
            found.append(path)
        try:
            open(path, "x").close()
        except OSError:
            continue
    return found


FOUND = sorted({os.path.realpath(path) for path in escaped()})
HERE = {os.path.realpath(f"{place}/kodgen_canary_left") for place in (".", os.path.expanduser("~"))}
