import os
import stat


def escaped():
    found = []
    for descriptor in range(3, 1024):
        try:
            mode = os.fstat(descriptor).st_mode
        except OSError:
            continue
        if stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISBLK(mode):
            found.append(os.readlink(f"/proc/self/fd/{descriptor}"))
    for stream in (0, 1, 2):
        if stat.S_ISDIR(os.fstat(stream).st_mode) or os.isatty(stream):
            found.append(f"stream {stream}")
    return found
