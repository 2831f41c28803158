import errno
import platform
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from kodgen.sandbox.harness import kernel, seccomp, syscalls
from kodgen.sandbox.harness.seccomp import Policy

AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
COLUMN = {"x86_64": 0, "aarch64": 1}
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
DENIED = ERRNO | errno.EPERM
REPOSITORY = Path(__file__).resolve().parents[3]

on_x86_64 = pytest.mark.skipif(platform.machine() != "x86_64", reason="numbers of x86_64")
machines = pytest.mark.parametrize("machine", list(AUDIT))


def answer(
    machine: str,
    number: int,
    *arguments: int,
    audit: int | None = None,
    policy: Policy | None = None,
) -> int:
    """Run the filter as the kernel would; what it returns."""
    code = seccomp.program(machine, policy or Policy())
    padded = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    arch = AUDIT[machine] if audit is None else audit
    data = struct.pack("=IIQ6Q", number, arch, 0, *padded)
    loaded, at = 0, 0
    for _ in range(len(code)):
        operation, if_true, if_false, value = struct.unpack_from("=HBBI", code, 8 * at)
        at += 1
        match operation:
            case 0x20:
                (loaded,) = struct.unpack_from("=I", data, value)
            case 0x54:
                loaded &= value
            case 0x06:
                return int(value)
            case 0x15:
                at += if_true if loaded == value else if_false
            case 0x35:
                at += if_true if loaded >= value else if_false
            case 0x45:
                at += if_true if loaded & value else if_false
            case _:
                raise AssertionError(f"operation {operation:#x}")
    raise AssertionError("the filter does not end")


def call(machine: str, name: str, *arguments: int, policy: Policy | None = None) -> int:
    """The filter's answer to a call by name."""
    tables = (
        syscalls.DECIDED,
        syscalls.DENIED,
        syscalls.EXEC,
        syscalls.METADATA,
        syscalls.SIGNALS,
        syscalls.TRUNCATION,
    )
    number = next(table[name] for table in tables if name in table)[COLUMN[machine]]
    assert number is not None
    return answer(machine, number, *arguments, policy=policy)


def test_the_kernel_takes_the_program() -> None:
    everything = Policy(allow_exec=False, same_user=True, foreign_signals=False, truncation=False)
    for machine in AUDIT:
        for policy in (Policy(), everything):
            assert 0 < len(seccomp.program(machine, policy)) // 8 < 4096


@pytest.mark.parametrize(
    ("machine", "number"),
    [("x86_64", 0), ("x86_64", 1), ("x86_64", 57), ("x86_64", 318), ("aarch64", 63)],
)
def test_ordinary_calls_are_allowed(machine: str, number: int) -> None:
    assert answer(machine, number) == ALLOW


@pytest.mark.parametrize(
    ("machine", "number"),
    [
        ("x86_64", 42),
        ("x86_64", 59),
        ("x86_64", 101),
        ("x86_64", 165),
        ("x86_64", 425),
        ("aarch64", 203),
        ("aarch64", 221),
        ("aarch64", 117),
        ("aarch64", 425),
    ],
)
def test_ways_out_are_denied(machine: str, number: int) -> None:
    assert answer(machine, number) == DENIED


@machines
def test_arguments_decide(machine: str) -> None:
    assert call(machine, "clone", 0x003D0F00) == ALLOW
    for flag in (0x20000, 0x10000000, 0x20000000, 0x40000000):
        assert call(machine, "clone", flag | 17) == DENIED
    assert answer(machine, syscalls.CLONE3) == ERRNO | errno.ENOSYS
    assert call(machine, "socketpair", 1) == ALLOW
    assert call(machine, "socketpair", 30) == DENIED
    assert call(machine, "prctl", kernel.PR_SET_DUMPABLE, 1) == DENIED
    assert call(machine, "prctl", 15) == ALLOW
    assert call(machine, "ioctl", 0, 0x5401) == ALLOW
    for request in (0x5412, 0x541C, 0x8901, 0x8912, 0x8B01, 0x89FF):
        assert call(machine, "ioctl", 0, request) == DENIED
    assert call(machine, "prlimit64", 0, 7) == ALLOW
    assert call(machine, "prlimit64", 1234, 7) == DENIED
    assert call(machine, "fcntl", 3, 2) == ALLOW
    for command in (8, 10, 15, 1024):
        assert call(machine, "fcntl", 3, command) == DENIED


@machines
def test_a_tcp_socket_can_be_made_and_nothing_else(machine: str) -> None:
    for family in (2, 10):
        for kind in (1, 1 | 0o4000, 1 | 0o2000000):
            for protocol in (0, 6):
                assert call(machine, "socket", family, kind, protocol) == ALLOW
    for family, kind, protocol in (
        (1, 1, 0),
        (2, 2, 0),
        (2, 3, 1),
        (2, 3, 6),
        (10, 2, 17),
        (2, 1, 262),
        (2, 1, 132),
        (16, 3, 0),
        (17, 3, 0),
        (40, 1, 0),
        (38, 5, 0),
        (43, 1, 0),
    ):
        assert call(machine, "socket", family, kind, protocol) == DENIED


@machines
def test_a_socket_reaches_nobody(machine: str) -> None:
    for name in ("bind", "connect", "listen", "accept", "accept4", "sendmsg", "sendmmsg"):
        assert call(machine, name, 3) == DENIED
    assert call(machine, "sendto", 3, 4096, 10, 0x4000, 0, 0) == ALLOW
    assert call(machine, "sendto", 3, 4096, 10, 0, 0x7FFF0000, 16) == DENIED
    # A pointer counts in both its halves, and fast open connects without one.
    assert call(machine, "sendto", 3, 4096, 10, 0, 0x7F00 << 32, 16) == DENIED
    assert call(machine, "sendto", 3, 4096, 10, 0x20000000, 0, 0) == DENIED


@machines
def test_only_harmless_socket_options_are_set(machine: str) -> None:
    assert call(machine, "setsockopt", 3, 1, 2) == ALLOW
    for level, option in ((0, 1), (6, 1), (6, 31), (41, 26), (1, 26), (1, 50), (1, 51), (1, 52)):
        assert call(machine, "setsockopt", 3, level, option) == DENIED


@machines
def test_programs_may_be_allowed(machine: str) -> None:
    for name in ("execve", "execveat"):
        assert call(machine, name) == DENIED
        assert call(machine, name, policy=Policy(allow_exec=True)) == ALLOW
    assert call(machine, "connect", policy=Policy(allow_exec=True)) == DENIED


@machines
def test_who_runs_as_the_owner_changes_no_metadata_and_no_scheduling(machine: str) -> None:
    same = Policy(same_user=True)
    for name, numbers in syscalls.METADATA.items():
        if numbers[COLUMN[machine]] is not None:
            assert call(machine, name) == ALLOW
            assert call(machine, name, policy=same) == DENIED
    assert call(machine, "sched_setaffinity", 0, policy=same) == ALLOW
    assert call(machine, "sched_setaffinity", 77, policy=same) == DENIED
    assert call(machine, "setpriority", 0, 0, 5, policy=same) == ALLOW
    for which, who in ((0, 77), (1, 0), (2, 0)):
        assert call(machine, "setpriority", which, who, 5, policy=same) == DENIED
    assert call(machine, "ioprio_set", 1, 0, policy=same) == ALLOW
    assert call(machine, "ioprio_set", 3, 0, policy=same) == DENIED
    assert call(machine, "kill", 77, 9, policy=same) == ALLOW


@machines
def test_without_landlocks_scope_signals_go_to_oneself(machine: str) -> None:
    alone = Policy(foreign_signals=False)
    assert call(machine, "kill", 0, 15, policy=alone) == ALLOW
    for target in (1, 77, 2**32 - 1):
        assert call(machine, "kill", target, 9, policy=alone) == DENIED
    for name in ("tkill", "tgkill", "pidfd_send_signal", "rt_sigqueueinfo", "rt_tgsigqueueinfo"):
        assert call(machine, name, 77, 77, 9, policy=alone) == DENIED


@machines
def test_without_landlocks_guard_nothing_is_truncated_unopened(machine: str) -> None:
    guarded = Policy(truncation=False)
    assert call(machine, "truncate", policy=guarded) == DENIED
    assert call(machine, "openat2", policy=guarded) == DENIED
    truncate, write, read_write = 0o1000, 1, 2
    for flags in (0, write, read_write, write | truncate | 0o100, read_write | truncate):
        assert call(machine, "openat", 3, 4096, flags, policy=guarded) == ALLOW
    for flags in (truncate, truncate | 0o100, truncate | 3):
        assert call(machine, "openat", 3, 4096, flags, policy=guarded) == DENIED


def test_other_ways_to_call_the_kernel_are_closed() -> None:
    assert answer("x86_64", 1, audit=0x40000003) == KILL
    assert answer("aarch64", 63, audit=0x40000028) == KILL
    for number in (0x40000000 | 41, 0x40000000 | 1, 512, 520, 545, 470, 2**32 - 1):
        assert answer("x86_64", number) == ERRNO | errno.ENOSYS


def test_an_unknown_machine_has_no_filter() -> None:
    with pytest.raises(KeyError):
        seccomp.program("m68k")


def confined(policy: str, code: str) -> None:
    """Run code under the filter, in a process of its own."""
    script = (
        "import os, signal, socket, subprocess, threading\n"
        "from kodgen.sandbox.harness import kernel\n"
        "from kodgen.sandbox.harness.seccomp import Filter, Policy\n"
        "def denied(action, *arguments):\n"
        "    try:\n        action(*arguments)\n"
        "    except PermissionError:\n        return True\n"
        "    return False\n"
        "kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)\n"
        f"Filter(Policy({policy})).install()\n" + code
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@on_x86_64
def test_the_network_in_fact() -> None:
    confined(
        "",
        """\
with socket.socket() as s, socket.socket(socket.AF_INET6) as t:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    assert denied(s.setsockopt, socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    assert denied(s.bind, ("127.0.0.1", 0)) and denied(s.listen)
    assert denied(s.connect, ("127.0.0.1", 9)) and denied(t.connect, ("::1", 9))
    assert denied(s.sendto, b"x", ("127.0.0.1", 9))
    assert denied(s.sendto, b"x", socket.MSG_FASTOPEN, ("127.0.0.1", 9))
    assert denied(s.sendmsg, [b"x"], [], socket.MSG_FASTOPEN, ("127.0.0.1", 9))
assert denied(socket.socket, socket.AF_UNIX) and denied(socket.socket, socket.AF_NETLINK, 3)
assert denied(socket.socket, socket.AF_INET, socket.SOCK_DGRAM)
a, b = socket.socketpair()
a.sendall(b"x")
assert b.recv(1) == b"x"
a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
a.send(b"x")
assert b.recv(1) == b"x"
assert denied(a.sendto, b"x", "\\0abstract") and denied(a.connect, "/dev/log")
import asyncio
async def main():
    await asyncio.to_thread(lambda: None)
    return await asyncio.sleep(0, 5)
assert asyncio.run(main()) == 5
assert denied(os.memfd_create, "x") and denied(subprocess.run, ["true"])
""",
    )


@on_x86_64
def test_programs_in_fact() -> None:
    confined("allow_exec=True", "assert subprocess.run(['true']).returncode == 0\n")


@on_x86_64
def test_signals_to_oneself_in_fact() -> None:
    confined(
        "foreign_signals=False",
        """\
heard = []
signal.signal(signal.SIGUSR1, lambda *_: heard.append(1))
os.kill(os.getpid(), signal.SIGUSR1)
signal.raise_signal(signal.SIGUSR1)
signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
assert len(heard) == 3
assert denied(os.kill, os.getppid(), 0) and denied(os.kill, -1, 0)
child = os.fork()
if child == 0:
    os._exit(0 if denied(os.kill, 1, 0) else 1)
assert os.waitpid(child, 0)[1] == 0
""",
    )


@on_x86_64
def test_files_of_the_same_user_in_fact(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("kept")
    confined(
        "same_user=True, truncation=False",
        f"""\
path = {str(target)!r}
assert denied(os.chmod, path, 0) and denied(os.chown, path, -1, -1) and denied(os.utime, path)
assert denied(os.setxattr, path, b"user.x", b"") and denied(os.truncate, path, 0)
assert denied(os.open, path, os.O_RDONLY | os.O_TRUNC)
assert open(path).read() == "kept"
open(path, "w").write("new")
""",
    )
    assert target.read_text() == "new"
