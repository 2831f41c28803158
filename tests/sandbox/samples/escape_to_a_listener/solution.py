import socket


def escaped():
    found = []
    for host, port in (
        ("127.0.0.1", KODGEN_CANARY_PORT),
        ("::1", KODGEN_CANARY_PORT),
        ("0.0.0.0", KODGEN_CANARY_PORT),
        ("169.254.169.254", 80),
        ("192.0.2.1", 443),
    ):
        try:
            socket.create_connection((host, port), timeout=1).close()
            found.append(host)
        except OSError:
            continue
    return found
