import logging
import sys


def report(items):
    for number, item in enumerate(items, 1):
        print(f"{number}. {item}")
    print("done", file=sys.stderr)
    logging.getLogger("report").warning("%d items", len(items))
