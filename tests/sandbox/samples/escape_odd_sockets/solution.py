import socket

FAMILIES = {
    "netlink": (16, 3, 0), "packet": (17, 3, 0), "vsock": (40, 1, 0), "alg": (38, 5, 0),
    "bluetooth": (31, 5, 0), "xdp": (44, 3, 0), "tipc": (30, 1, 0), "raw": (2, 3, 1),
    "mptcp": (2, 1, 262), "sctp": (2, 1, 132), "rds": (21, 5, 0), "can": (29, 3, 1),
    "raw6": (10, 3, 58), "key": (15, 3, 2), "qipcrtr": (42, 2, 0), "smc": (43, 1, 0),
}


def escaped():
    found = []
    for name, (family, kind, protocol) in FAMILIES.items():
        try:
            socket.socket(family, kind, protocol).close()
            found.append(name)
        except OSError:
            continue
    return found
