import contextlib


@contextlib.contextmanager
def recorded(log, name):
    log.append(f"enter {name}")
    try:
        yield name
    finally:
        log.append(f"leave {name}")
