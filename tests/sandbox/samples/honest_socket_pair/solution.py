import socket


def echo(data):
    here, there = socket.socketpair()
    with here, there:
        here.sendall(data)
        return there.recv(len(data))
