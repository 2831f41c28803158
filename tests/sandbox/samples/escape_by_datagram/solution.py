import socket


def escaped():
    found = []
    for family, target in (
        (socket.AF_INET, ("127.0.0.1", KODGEN_CANARY_PORT)),
        (socket.AF_INET, ("192.0.2.53", 53)),
        (socket.AF_INET6, ("::1", 53)),
    ):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as sock:
                sock.sendto(b"secret", target)
                found.append(target)
        except OSError:
            continue
    try:
        found += socket.getaddrinfo("canary.example.invalid", 80)
    except OSError:
        pass
    return found
