import ctypes
import os
import platform

NEW = {"user": 0x10000000, "mount": 0x20000, "pid": 0x20000000, "net": 0x40000000, "ipc": 0x8000000}
CLONE, CLONE3 = {"x86_64": (56, 435), "aarch64": (220, 435)}[platform.machine()]


def escaped():
    libc = ctypes.CDLL(None, use_errno=True)
    found = []
    for name, flag in NEW.items():
        child = libc.syscall(CLONE, flag | 17, 0, 0, 0, 0)
        if child == 0:
            os._exit(0)
        if child > 0:
            os.waitpid(child, 0)
            found.append(name)
    arguments = (ctypes.c_uint64 * 11)(NEW["user"], 0, 0, 0, 17)
    child = libc.syscall(CLONE3, arguments, 88)
    if child == 0:
        os._exit(0)
    if child > 0:
        os.waitpid(child, 0)
        found.append("clone3")
    return found
