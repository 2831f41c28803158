import ctypes


def locked():
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(2**20)
    return [libc.mlockall(3) == 0, libc.mlock(buffer, 2**20) == 0]
