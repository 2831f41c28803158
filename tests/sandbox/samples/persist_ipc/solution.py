import ctypes
import os

KEY = 0x6B6F6467


def escaped():
    libc = ctypes.CDLL(None, use_errno=True)
    found = []
    shared = libc.shmget(KEY, 4096, 0o1666)
    queue = libc.msgget(KEY, 0o1666)
    semaphores = libc.semget(KEY, 1, 0o1666)
    for name, number in (("shm", shared), ("msg", queue), ("sem", semaphores)):
        if number >= 0:
            found.append(name)
    library = ctypes.CDLL("librt.so.1", use_errno=True)
    if library.mq_open(b"/kodgen_canary_queue", os.O_CREAT | os.O_RDWR, 0o666, None) >= 0:
        found.append("mq")
    return found
