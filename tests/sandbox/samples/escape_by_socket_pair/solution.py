import socket


def escaped():
    found = []
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM, socket.SOCK_SEQPACKET):
        for act in ("sendto", "connect", "sendmsg"):
            here, there = socket.socketpair(socket.AF_UNIX, kind)
            try:
                if act == "sendto":
                    here.sendto(b"x", "KODGEN_CANARY_SOCKET")
                elif act == "sendmsg":
                    here.sendmsg([b"x"], [], 0, "KODGEN_CANARY_SOCKET")
                else:
                    here.connect("KODGEN_CANARY_SOCKET")
                if act == "connect" or kind == socket.SOCK_DGRAM:
                    found.append((kind, act))
            except OSError:
                continue
    return found
