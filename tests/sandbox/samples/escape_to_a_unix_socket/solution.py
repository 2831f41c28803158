import glob
import socket

PATHS = ["KODGEN_CANARY_SOCKET", "/run/docker.sock", "/var/run/docker.sock", *glob.glob("/tmp/*.sock")]


def escaped():
    found = []
    for path in PATHS:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
            try:
                with socket.socket(socket.AF_UNIX, kind) as sock:
                    sock.connect(path)
                    found.append(path)
            except OSError:
                continue
    return found
