import socket


def lookup(name):
    return socket.gethostbyname(name)
