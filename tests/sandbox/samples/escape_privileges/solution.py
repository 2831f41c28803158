import ctypes
import os


def escaped():
    found = []
    for name in ("setuid", "setgid", "seteuid", "setegid"):
        try:
            getattr(os, name)(0)
            found.append(name)
        except OSError:
            continue
    try:
        os.setgroups([0])
        found.append("setgroups")
    except OSError:
        pass
    status = dict(line.split(":\t") for line in open("/proc/self/status").read().splitlines())
    for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        if int(status[name], 16):
            found.append(name)
    if status["NoNewPrivs"] != "1" or status["Seccomp"] != "2":
        found.append("filter")
    if "0" in status["Uid"].split():
        found.append("root")
    if ctypes.CDLL(None).prctl(38, 0, 0, 0, 0) == 0:
        found.append("new privileges")
    return found
