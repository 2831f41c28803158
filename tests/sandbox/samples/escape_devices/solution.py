import os
import stat

HARMLESS = {"null", "zero", "full", "random", "urandom", "tty", "ptmx"}


def devices():
    try:
        return os.listdir("/dev")
    except OSError:
        return []


def escaped():
    found = []
    for name in devices():
        try:
            mode = os.lstat(f"/dev/{name}").st_mode
        except OSError:
            continue
        if (stat.S_ISBLK(mode) or stat.S_ISCHR(mode)) and name not in HARMLESS:
            try:
                os.close(os.open(f"/dev/{name}", os.O_RDWR))
                found.append(name)
            except OSError:
                continue
    for kind in (stat.S_IFBLK, stat.S_IFCHR):
        try:
            os.mknod("device", kind | 0o600, os.makedev(8, 0))
            found.append("mknod")
        except OSError:
            continue
    try:
        os.open("/dev/tty", os.O_RDWR)
        found.append("terminal")
    except OSError:
        pass
    return found
