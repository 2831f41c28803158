import socket


def escaped():
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
            sock.bind("\0kodgen_canary_meeting")
            sock.listen()
            return ["bound"]
    except OSError:
        return []
