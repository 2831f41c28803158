import glob
import os

PATHS = [
    "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sysrq-trigger",
    "/proc/sys/kernel/ns_last_pid", "/proc/sys/vm/drop_caches", "/proc/1/oom_score_adj",
    "/sys/power/state", *glob.glob("/sys/fs/cgroup/**/cgroup.procs", recursive=True)[:200],
    *glob.glob("/sys/kernel/**/*", recursive=True)[:200],
]


def escaped():
    found = []
    for path in PATHS:
        try:
            os.close(os.open(path, os.O_WRONLY))
            found.append(path)
        except OSError:
            continue
    return found
