"""Runs a Python script, as root, under harder conditions.

    under.py SCRIPT [ordinary] [limited] [contained] [-- ARGUMENT...]

`ordinary`: as an ordinary user. `limited`: where no new namespaces can be had. `contained`: as root
of a container, with the capabilities and the denied system calls that Docker gives it by default.
The interpreter may live below a folder that only root may enter; in a mount namespace of its own,
such a folder is replaced by one that holds nothing but the way to the interpreter.
"""

import ctypes
import errno
import os
import platform
import runpy
import struct
import sys
from pathlib import Path

from kodgen.sandbox.harness import kernel, root, syscalls

ORDINARY = 65534


def closed_ancestor(path: Path) -> Path | None:
    """The topmost folder on the way to `path` that others may not enter."""
    return next((p for p in reversed(path.parents) if not p.stat().st_mode & 0o001), None)


DOCKER_CAPABILITIES = frozenset({0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31})
"""CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE NET_RAW SYS_CHROOT
MKNOD AUDIT_WRITE SETFCAP."""
PR_CAPBSET_DROP = 24


def open_the_way_to_the_interpreter() -> None:
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


def become_ordinary() -> None:
    open_the_way_to_the_interpreter()
    os.setgroups([])
    os.setresgid(ORDINARY, ORDINARY, ORDINARY)
    os.setresuid(ORDINARY, ORDINARY, ORDINARY)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)


def forbid_namespaces() -> None:
    root.enter_user_namespace()
    for kind in ("user", "pid"):
        Path(f"/proc/sys/user/max_{kind}_namespaces").write_text("0")


def become_contained() -> None:
    open_the_way_to_the_interpreter()
    code = b"".join(struct.pack("=HBBI", *one) for one in denied_by_docker())
    program = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("@HP", len(code) // 8, ctypes.addressof(program))
    pointer = ctypes.create_string_buffer(header, len(header))
    kernel.prctl(kernel.PR_SET_SECCOMP, kernel.SECCOMP_MODE_FILTER, ctypes.addressof(pointer))
    for capability in range(int(Path("/proc/sys/kernel/cap_last_cap").read_text()) + 1):
        if capability not in DOCKER_CAPABILITIES:
            kernel.prctl(PR_CAPBSET_DROP, capability)
    # The bounding set binds at the next exec.
    words = [word for word in sys.argv if word != "contained"]
    os.execv(sys.executable, [sys.executable, *words])


def denied_by_docker() -> list[tuple[int, int, int, int]]:
    column = ("x86_64", "aarch64").index(platform.machine())
    names = (
        "unshare",
        "setns",
        "mount",
        "umount2",
        "pivot_root",
        "keyctl",
        "bpf",
        "io_uring_setup",
    )
    load, equal, any_bit, answer = 0x20, 0x15, 0x45, 0x06
    denied = (answer, 0, 0, 0x00050000 | errno.EPERM)
    code = [(load, 0, 0, 0)]
    for name in names:
        code += [(equal, 0, 1, syscalls.DENIED[name][column] or 0), denied]
    code += [(equal, 0, 1, syscalls.CLONE3), (answer, 0, 0, 0x00050000 | errno.ENOSYS)]
    clone = syscalls.DECIDED["clone"][column] or 0
    code += [
        (equal, 0, 3, clone),
        (load, 0, 0, 16),
        (any_bit, 0, 1, kernel.NAMESPACE_FLAGS),
        denied,
    ]
    return [*code, (answer, 0, 0, 0x7FFF0000)]


def main() -> None:
    cut = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    script, *conditions = sys.argv[1:cut]
    if "ordinary" in conditions:
        become_ordinary()
    if "limited" in conditions:
        forbid_namespaces()
    if "contained" in conditions:
        become_contained()
    sys.argv = [script, *sys.argv[cut + 1 :]]
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    main()
