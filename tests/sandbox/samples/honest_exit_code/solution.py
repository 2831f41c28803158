import sys


def finish(errors):
    sys.exit(1 if errors else 0)
