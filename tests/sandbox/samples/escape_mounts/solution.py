import os


def escaped():
    with open("/proc/self/mountinfo") as file:
        roots = [line.split()[4] for line in file]
    seen = [path for path in ("/home", "/root/.bashrc", "/var", "/run", "/boot", "/opt") if os.path.exists(path)]
    return seen + [root for root in roots if root.startswith(("/home", "/var", "/run"))]
