import ctypes
import platform

ADD_KEY, KEYCTL = {"x86_64": (248, 250), "aarch64": (217, 219)}[platform.machine()]


def escaped():
    libc = ctypes.CDLL(None, use_errno=True)
    added = libc.syscall(ADD_KEY, b"user", b"kodgen_canary", b"secret", 6, -4)
    joined = libc.syscall(KEYCTL, 1, b"kodgen_canary")
    return [key for key in (added, joined) if key >= 0]
