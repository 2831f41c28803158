import socket

FAST_OPEN = 0x20000000


def escaped():
    found = []
    for send in ("sendto", "sendmsg"):
        try:
            with socket.socket() as sock:
                sock.settimeout(1)
                target = ("127.0.0.1", KODGEN_CANARY_PORT)
                if send == "sendto":
                    sock.sendto(b"x", FAST_OPEN, target)
                else:
                    sock.sendmsg([b"x"], [], FAST_OPEN, target)
                found.append(send)
        except OSError:
            continue
    return found
