import os


def escaped():
    found = []
    for name in ("osrelease", "hostname"):
        try:
            with open(f"/proc/sys/kernel/{name}", "w") as file:
                file.write("kodgen-canary")
            found.append(name)
        except OSError:
            continue
    return found
