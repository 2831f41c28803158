import ctypes
import platform

OTHER = 0x40000000
SOCKET, UNSHARE, KEYCTL = 41, 272, 250


def escaped():
    if platform.machine() != "x86_64":
        return []
    libc = ctypes.CDLL(None, use_errno=True)
    found = []
    for number, arguments in ((SOCKET, (1, 1, 0)), (UNSHARE, (0x10000000,)), (KEYCTL, (0, -4, 1))):
        if libc.syscall(OTHER | number, *arguments, 0, 0, 0) >= 0:
            found.append(number)
    return found
