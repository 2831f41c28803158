import socket


def fetch():
    with socket.create_connection(("192.0.2.7", 80), timeout=1) as connection:
        return connection.recv(1)
