import ctypes
import os


def escaped():
    found = []
    for pid in {1, os.getppid()}:
        for name in ("mem", "maps", "environ", "auxv", "stack"):
            try:
                with open(f"/proc/{pid}/{name}", "rb") as file:
                    if file.read(1):
                        found.append((pid, name))
            except OSError:
                continue
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.ptrace(16, pid, 0, 0) == 0:
            found.append((pid, "ptrace"))
    return found
