"""Tries to break out: the test file of a probing trial, run under the trials' own Python.

Each test passes if it is contained. The solution beside it is `GIVEN`, a dictionary of what the
supervisor has prepared; see kodgen.sandbox.probing, which says what each test means. Nothing here
does harm where it succeeds.
"""

import ctypes
import errno
import mmap
import os
import platform
import resource
import signal
import socket
import stat
import sys
from collections.abc import Callable
from typing import Any

import pytest
from solution import GIVEN  # type: ignore[import-not-found]

_LIBC = ctypes.CDLL(None, use_errno=True)
_REFUSED = (errno.EPERM, errno.EACCES, errno.ENOSYS)
_ABSENT = (*_REFUSED, errno.ENOENT, errno.EROFS, errno.ESRCH, errno.EXDEV, errno.ETXTBSY)
_COLUMN = {"x86_64": 0, "aarch64": 1}
_LOOPBACK = {socket.AF_INET: ("127.0.0.1", 9), socket.AF_INET6: ("::1", 9)}
_NO_KEY = 0x6B6F64


def refused(action: Callable[..., Any], *arguments: Any, by: tuple[int, ...] = _REFUSED) -> bool:
    """Whether an attempt was refused, and not merely in vain."""
    try:
        action(*arguments)
    except OSError as error:
        return error.errno in by
    return False


def not_made(path: str) -> bool:
    """Whether no file can be made."""
    if refused(open, path, "x", by=_ABSENT):
        return True
    os.remove(path)
    return False


def call(numbers: tuple[int, int], *arguments: int) -> int:
    """Make a system call; its error number, 0 if it went well."""
    ctypes.set_errno(0)
    number = numbers[_COLUMN[platform.machine()]]
    result = _LIBC.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments))
    return ctypes.get_errno() if result < 0 else 0


def status(name: str) -> str:
    """A field of /proc/self/status."""
    with open("/proc/self/status") as file:
        return next(line.split()[1] for line in file if line.startswith(name + ":"))


def others() -> list[int]:
    """Every other process that is seen, but the first of a pid namespace of our own."""
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    first = 1 if GIVEN["own_processes"] else 0
    return [pid for pid in pids if pid not in {os.getpid(), first}]


def test_network() -> None:
    for family, kind in ((socket.AF_INET, 1), (socket.AF_INET, 2), (socket.AF_INET6, 1)):
        try:
            with socket.socket(family, kind) as sock:
                assert refused(sock.connect, _LOOPBACK[family])
                assert refused(sock.bind, _LOOPBACK[family])
                assert refused(sock.sendto, b"x", _LOOPBACK[family])
        except PermissionError:
            continue
    # Local, netlink, packets, virtual machine.
    for other in (1, 16, 17, 40):
        for kind in (1, 2, 3):
            assert refused(socket.socket, other, kind)


def test_io_uring() -> None:
    assert call((425, 425), 1, 0) in _REFUSED


def test_exec() -> None:
    assert GIVEN["allow_exec"] or refused(os.execv, sys.executable, [sys.executable])


def test_filter() -> None:
    assert status("Seccomp") == "2"


def test_privileges() -> None:
    assert os.geteuid() != 0
    assert int(status("CapEff"), 16) == 0
    assert status("NoNewPrivs") == "1"
    assert refused(os.setuid, 0, by=(*_REFUSED, errno.EINVAL))


def test_namespaces() -> None:
    assert call((272, 97), 0x10000000) in _REFUSED
    assert call((165, 40), 0, 0, 0, 0, 0) in _REFUSED


def test_kernel() -> None:
    # Keyrings, bpf, performance counters, page faults.
    for numbers in ((248, 217), (250, 219), (321, 280), (298, 241), (323, 282)):
        assert call(numbers, 0, 0, 0, 0, 0) in _REFUSED


def test_ipc() -> None:
    # Shared memory, message queues and semaphores would outlive the trial.
    for numbers in ((29, 194), (68, 186), (64, 190), (240, 180)):
        assert call(numbers, _NO_KEY, 1, 0o600, 0) in _REFUSED


def test_visible() -> None:
    assert others() == []


def test_signals() -> None:
    for pid in others():
        assert refused(os.kill, pid, 0, by=(*_REFUSED, errno.ESRCH))


def test_tracing() -> None:
    above = os.getppid()
    for pid in {above, *others()}:
        # Options for one that is not traced yet: to no effect, where that is not refused.
        assert call((101, 117), 0x4200, pid, 0, 0) in _REFUSED
        assert call((310, 270), pid, 0, 0, 0, 0, 0) in _REFUSED
        for name in ("mem", "environ", "maps"):
            assert refused(open, f"/proc/{pid}/{name}", "rb", by=_ABSENT)


def test_environment() -> None:
    assert not set(os.environ) - set(GIVEN["environment"])
    try:
        with open("/proc/self/environ", "rb") as file:
            entries = file.read().split(b"\0")
    except PermissionError:
        return
    names = {entry.partition(b"=")[0].decode() for entry in entries if entry}
    assert not names - set(GIVEN["environment"])


def test_files_read() -> None:
    for path in (*GIVEN["planted"], "/etc/shadow", "/root/.bashrc", "/proc/1/cmdline"):
        if not (path == "/proc/1/cmdline" and GIVEN["own_processes"]):
            assert refused(open, path, by=_ABSENT)
    for folder in ("/home", "/root", "/var", "/run", "/srv", "/mnt"):
        assert refused(os.listdir, folder, by=_ABSENT) or _only_the_way(folder)


def _only_the_way(folder: str) -> bool:
    """Whether nothing is in a folder but the way to the interpreter."""
    needed = [p for q in (sys.prefix, sys.base_prefix, *sys.path) for p in (q, os.path.realpath(q))]
    names = os.listdir(folder)
    return all(any((p + "/").startswith(f"{folder}/{name}/") for p in needed) for name in names)


def test_files_written() -> None:
    for path in GIVEN["planted"]:
        assert refused(open, path, "r+b", by=_ABSENT)
        assert refused(os.truncate, path, 0, by=_ABSENT)
        assert refused(os.open, path, os.O_RDONLY | os.O_TRUNC, by=_ABSENT)
        assert refused(os.chmod, path, 0o600, by=_ABSENT)
        assert refused(os.setxattr, path, b"user.kodgen", b"", by=_ABSENT)
        # Onto itself: to no effect, where that is not refused.
        assert refused(os.rename, path, path, by=_ABSENT) or not GIVEN["shared_folders"]
        assert not_made(path + "-new") or not GIVEN["shared_folders"]
    assert refused(open, "/sys/kernel/mm/ksm/run", "ab", by=_ABSENT)
    assert refused(open, "/proc/sys/kernel/hostname", "ab", by=_ABSENT)


def test_read_only() -> None:
    for path in (os.__file__, sys.executable, __file__):
        assert refused(open, path, "ab", by=_ABSENT)
        assert refused(os.chmod, path, stat.S_IMODE(os.stat(path).st_mode), by=_ABSENT)
    for folder in map(os.path.dirname, (os.__file__, __file__)):
        assert not_made(folder + "/kodgen_probe.py")


def test_devices() -> None:
    # Only such as to open them does nothing.
    for name in ("mem", "kmsg", "sda", "vda", "nvme0n1", "kvm", "fuse", "net/tun", "dri/card0"):
        assert refused(open, f"/dev/{name}", by=_ABSENT)


def test_scratch() -> None:
    found = os.statvfs("/tmp")
    assert found.f_blocks * found.f_frsize <= GIVEN["scratch_bytes"]
    assert found.f_files <= 2**20


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def test_processes() -> None:
    assert 0 < resource.getrlimit(resource.RLIMIT_NPROC)[1] <= GIVEN["processes"]
    # That it binds this user is seen from a lower one.
    limits = resource.getrlimit(resource.RLIMIT_NPROC)
    resource.setrlimit(resource.RLIMIT_NPROC, (1, limits[1]))
    try:
        assert refused(_fork, by=(errno.EAGAIN,))
    finally:
        resource.setrlimit(resource.RLIMIT_NPROC, limits)


def test_memory() -> None:
    assert refused(mmap.mmap, -1, 4 * GIVEN["memory_bytes"] + 2**32, by=(errno.ENOMEM,))


def test_file_size() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with open("large", "wb") as file:
        assert refused(file.truncate, GIVEN["scratch_bytes"] + 1, by=(errno.EFBIG,))
    os.remove("large")


def test_limits() -> None:
    for kind in (resource.RLIMIT_CPU, resource.RLIMIT_NOFILE):
        soft, hard = resource.getrlimit(kind)
        assert 0 < soft <= hard < 2**20
        with pytest.raises((ValueError, OSError)):
            resource.setrlimit(kind, (hard + 1, hard + 1))
