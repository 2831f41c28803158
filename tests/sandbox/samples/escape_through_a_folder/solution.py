import os


def escaped():
    found = []
    for descriptor in range(64):
        try:
            folder = os.open("../" * 20, os.O_RDONLY, dir_fd=descriptor)
            names = set(os.listdir(folder))
            os.close(folder)
        except OSError:
            continue
        if names & {"home", "root", "boot"}:
            found.append(descriptor)
    for path in ("/proc/1/root", "/proc/1/cwd", f"/proc/{os.getppid()}/root"):
        try:
            found += {"home", "root", "boot"} & set(os.listdir(path))
        except OSError:
            continue
    return found
