import os


def taken(files=24, size=60 * 2**20):
    held, total = [], 0
    try:
        for number in range(files):
            held.append(os.memfd_create(f"held{number}"))
            total += os.write(held[-1], bytes(size))
    except OSError:
        pass
    return total
