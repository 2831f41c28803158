import sys


def total():
    return sum(int(line) for line in sys.stdin)


def ask():
    return input("name? ").strip()
