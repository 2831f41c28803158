import socket


def escaped():
    found = []
    for bind in (("0.0.0.0", 0), ("127.0.0.1", 47_113), None):
        try:
            with socket.socket() as sock:
                if bind is not None:
                    sock.bind(bind)
                sock.listen()
                found.append(sock.getsockname())
        except OSError:
            continue
    return found
