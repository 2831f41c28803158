import os
import stat

HARMLESS = {"null", "zero", "full", "random", "urandom", "tty", "ptmx"}


def escaped():
    found = []
    for name in os.listdir("/dev"):
        try:
            mode = os.lstat(f"/dev/{name}").st_mode
        except OSError:
            continue
        if (stat.S_ISBLK(mode) or stat.S_ISCHR(mode)) and name not in HARMLESS:
            if os.access(f"/dev/{name}", os.R_OK | os.W_OK):
                found.append(name)
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
