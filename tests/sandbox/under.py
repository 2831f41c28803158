"""Runs a Python script, as root, under harder conditions.

    under.py SCRIPT [ordinary] [limited] [-- ARGUMENT...]

`ordinary`: as an ordinary user. `limited`: where no new namespaces can be had. The interpreter may
live below a folder that only root may enter; in a mount namespace of its own, such a folder is
replaced by one that holds nothing but the way to the interpreter.
"""

import os
import runpy
import sys
from pathlib import Path

from kodgen.sandbox.harness import kernel, root

ORDINARY = 65534


def closed_ancestor(path: Path) -> Path | None:
    """The topmost folder on the way to `path` that others may not enter."""
    return next((p for p in reversed(path.parents) if not p.stat().st_mode & 0o001), None)


def become_ordinary() -> None:
    kernel.unshare(kernel.CLONE_NEWNS)
    kernel.mount(None, "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    for prefix in {Path(sys.prefix), Path(sys.base_prefix)}:
        closed = closed_ancestor(prefix)
        if closed is not None:
            source = os.open(prefix, os.O_PATH)
            kernel.mount("tmpfs", str(closed), "tmpfs", 0, "mode=755")
            prefix.mkdir(parents=True)
            kernel.mount(f"/proc/self/fd/{source}", str(prefix), None, kernel.MS_BIND)
            os.close(source)
    os.setgroups([])
    os.setresgid(ORDINARY, ORDINARY, ORDINARY)
    os.setresuid(ORDINARY, ORDINARY, ORDINARY)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)


def forbid_namespaces() -> None:
    root.enter_user_namespace()
    for kind in ("user", "pid"):
        Path(f"/proc/sys/user/max_{kind}_namespaces").write_text("0")


def main() -> None:
    cut = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    script, *conditions = sys.argv[1:cut]
    if "ordinary" in conditions:
        become_ordinary()
    if "limited" in conditions:
        forbid_namespaces()
    sys.argv = [script, *sys.argv[cut + 1 :]]
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    main()
