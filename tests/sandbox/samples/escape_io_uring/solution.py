import ctypes


def escaped():
    libc = ctypes.CDLL(None, use_errno=True)
    parameters = ctypes.create_string_buffer(120)
    ring = libc.syscall(425, 8, parameters)
    return [ring] if ring >= 0 else []
