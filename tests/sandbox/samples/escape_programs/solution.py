import os
import subprocess
import sys


def escaped():
    found = []
    for start in (
        lambda: subprocess.run(["true"], check=False),
        lambda: subprocess.run([sys.executable, "-c", ""], check=False),
        lambda: os.posix_spawn("/bin/true", ["true"], {}),
        lambda: os.spawnv(os.P_WAIT, "/bin/true", ["true"]) or found.append("spawnv"),
    ):
        try:
            start()
        except OSError:
            continue
        found.append("started")
    if os.system("true") == 0:
        found.append("system")
    return [one for one in found if one != "started"] if len(found) == 1 else found
