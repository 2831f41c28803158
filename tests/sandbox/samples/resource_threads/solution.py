import threading


def started(most=1200):
    go, count = threading.Event(), 0
    try:
        while count < most:
            threading.Thread(target=go.wait, args=(6,), daemon=True).start()
            count += 1
    except (RuntimeError, MemoryError):
        pass
    go.set()
    return count
