import os


def parent_of(pid):
    with open(f"/proc/{pid}/stat") as file:
        return int(file.read().rpartition(")")[2].split()[1])


def escaped():
    found = []
    for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
        if pid in (1, os.getpid()):
            continue
        try:
            if parent_of(pid) != os.getpid():
                os.kill(pid, 0)
                found.append(pid)
        except OSError:
            continue
    return found
