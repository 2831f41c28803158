import ctypes
import mmap
import platform

# socketcall(SYS_SOCKET, [AF_UNIX, SOCK_STREAM, 0]) by int 0x80, arguments below 4 GiB.
MAP_32BIT = 0x40


def escaped():
    if platform.machine() != "x86_64":
        return []
    page = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_32BIT, 7)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    page[2048:2060] = (1).to_bytes(4, "little") * 2 + bytes(4)
    arguments = (address + 2048).to_bytes(4, "little")
    code = b"\x53\xb8\x66\x00\x00\x00\xbb\x01\x00\x00\x00\xb9" + arguments + b"\xcd\x80\x5b\xc3"
    page[: len(code)] = code
    answer = ctypes.CFUNCTYPE(ctypes.c_int)(address)()
    return [answer] if answer >= 0 else []
