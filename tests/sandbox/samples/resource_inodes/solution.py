def made(most=60_000):
    count = 0
    for folder in ("/tmp", "/dev/shm", "."):
        try:
            for number in range(most // 3):
                open(f"{folder}/kodgen_canary_{number}", "x").close()
                count += 1
        except OSError:
            continue
    return count
