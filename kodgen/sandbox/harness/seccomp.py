"""The system call filter of a trial, as a classic BPF program assembled here.

A deny-list: what a filter can refuse without breaking honest code is refused with EPERM. It holds
the ways out (network, exec, io_uring), the ways up (namespaces, mounts, modules, keyrings, bpf)
and the ways into other processes (ptrace and its kin). clone3 is answered with ENOSYS, because
its flags lie in memory where no filter can read them, and C libraries then fall back to clone;
calls that are younger than the table of numbers are answered alike.

A TCP socket may be made, and so may a pair of local sockets: code often makes one long before it
would use it. It can't be used: to bind, connect or listen, and to send to an address, is refused
for every socket, in every form that these take.
"""

import ctypes
import errno
import os
import platform
import struct
from dataclasses import dataclass
from typing import NamedTuple

from . import kernel, syscalls


@dataclass(frozen=True, slots=True)
class Policy:
    """What a filter refuses beyond what every one does; see `landlock` for when it must."""

    allow_exec: bool = False
    """Other programs may be started; they inherit the filter."""
    same_user: bool = False
    """The trial runs as the user who owns files and processes outside: it may change no file's
    mode, owner or times, and nobody else's scheduling."""
    foreign_signals: bool = True
    """Signals to other processes are stopped elsewhere; if not, here: the trial may signal itself
    and its process group, and not even its children by number."""
    truncation: bool = True
    """Truncating without write access is stopped elsewhere; if not, here."""


# AUDIT_ARCH_* of linux/audit.h, and the column in the table of numbers.
_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}

_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_EQUAL, _AT_LEAST, _ANY_BIT = 0x15, 0x35, 0x45
_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
# Offsets in struct seccomp_data; the low half of an argument comes first, both machines being
# little-endian.
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16
_ALL_BITS = 0xFFFFFFFF

_AF_UNIX, _AF_INET, _AF_INET6 = 1, 2, 10
_SOCK_STREAM, _TYPE_BITS = 1, 0xF
_IPPROTO_TCP = 6
_MSG_FASTOPEN = 0x20000000
_SOL_SOCKET = 1
_SO_ATTACH_FILTER, _SO_ATTACH_BPF, _SO_ATTACH_REUSEPORT_EBPF = 26, 50, 52
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_IOCTL_FAMILY = 0xFFFFFF00
_NETWORK_IOCTLS = (0x8900, 0x8B00)
"""Families of sockets and interfaces (FIOSETOWN among them), and of wireless ones."""
_F_SETOWN, _F_SETSIG, _F_SETOWN_EX, _F_SETLEASE = 8, 10, 15, 1024
_O_ACCMODE, _O_TRUNC = 3, 0o1000
_PRIO_PROCESS, _IOPRIO_WHO_PROCESS = 0, 1
_SELF = 0xFFFFFFFE
"""Stands for the trial's own pid, which is put in when the filter is installed; no pid is that
large (PID_MAX_LIMIT is 2^22)."""

Instruction = tuple[int, int, int, int]


class _Condition(NamedTuple):
    """Whether any of `tests` holds for an argument; `wanted` says which answer is the good one."""

    argument: int
    tests: tuple[tuple[int, int], ...]
    wanted: bool = True
    mask: int = _ALL_BITS
    high: bool = False
    """Look at the upper half of the argument's 64 bits; of an `int`, the kernel ignores it."""


def _is(argument: int, *values: int, mask: int = _ALL_BITS) -> _Condition:
    return _Condition(argument, tuple((_EQUAL, value) for value in values), mask=mask)


def _is_not(argument: int, *values: int, mask: int = _ALL_BITS) -> _Condition:
    return _is(argument, *values, mask=mask)._replace(wanted=False)


def _lacks(argument: int, bits: int) -> _Condition:
    return _Condition(argument, ((_ANY_BIT, bits),), wanted=False)


def _null(argument: int) -> tuple[_Condition, _Condition]:
    low = _is(argument, 0)
    return low, low._replace(high=True)


def _answer(code: int) -> Instruction:
    return (_RETURN, 0, 0, _ERRNO | code)


_PASS: Instruction = (_RETURN, 0, 0, _ALLOW)
_DENY = _answer(errno.EPERM)


def _size(condition: _Condition) -> int:
    return 1 + (condition.mask != _ALL_BITS) + len(condition.tests)


def _only_if(number: int, *conditions: _Condition) -> list[Instruction]:
    """Allow one system call where every condition comes out well, and deny it elsewhere."""
    code: list[Instruction] = []
    length = sum(map(_size, conditions))
    for condition in conditions:
        code.append((_LOAD, 0, 0, _ARGUMENTS + 8 * condition.argument + 4 * condition.high))
        if condition.mask != _ALL_BITS:
            code.append((_AND, 0, 0, condition.mask))
        last = len(condition.tests) - 1
        for position, (test, value) in enumerate(condition.tests):
            # Counted from the instruction behind this one; "allow" stands at `length`.
            good, bad = last - position, length - len(code)
            if condition.wanted:
                code.append((test, good, 0 if position < last else bad, value))
            else:
                code.append((test, bad, 0, value))
    return [(_EQUAL, 0, len(code) + 2, number), *code, _PASS, _DENY]


def program(machine: str, policy: Policy = Policy()) -> bytes:
    """Assemble the filter: an array of struct sock_filter.

    Raises:
        KeyError: No system call numbers are known for this machine.
    """
    audit, column = _MACHINES[machine]
    denied = [syscalls.DENIED]
    denied += [] if policy.allow_exec else [syscalls.EXEC]
    denied += [syscalls.METADATA] if policy.same_user else []
    denied += [] if policy.foreign_signals else [syscalls.SIGNALS]
    denied += [] if policy.truncation else [syscalls.TRUNCATION]
    code: list[Instruction] = [
        (_LOAD, 0, 0, _ARCH),
        (_EQUAL, 1, 0, audit),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, syscalls.FIRST_UNKNOWN),
        _answer(errno.ENOSYS),
        (_EQUAL, 0, 1, syscalls.CLONE3),
        _answer(errno.ENOSYS),
    ]
    for numbers in (numbers for table in denied for numbers in table.values()):
        number = numbers[column]
        if number is not None:
            code += [(_EQUAL, 0, 1, number), _DENY]
    for name, conditions in _decisions(policy).items():
        number = syscalls.DECIDED[name][column]
        if number is not None:
            code += _only_if(number, *conditions)
    code.append(_PASS)
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)


Decisions = dict[str, tuple[_Condition, ...]]


def _decisions(policy: Policy) -> Decisions:
    """What must hold of a call's arguments for it to be allowed, by the call's name."""
    decisions: Decisions = {
        "clone": (_lacks(0, kernel.NAMESPACE_FLAGS),),
        "socket": (
            _is(0, _AF_INET, _AF_INET6),
            _is(1, _SOCK_STREAM, mask=_TYPE_BITS),
            _is(2, 0, _IPPROTO_TCP),
        ),
        "socketpair": (_is(0, _AF_UNIX),),
        "sendto": (*_null(4), _lacks(3, _MSG_FASTOPEN)),
        "setsockopt": (
            _is(1, _SOL_SOCKET),
            _is_not(2, _SO_ATTACH_FILTER),
            _Condition(2, ((_AT_LEAST, _SO_ATTACH_BPF),), wanted=False),
        ),
        "prctl": (_is_not(0, kernel.PR_SET_DUMPABLE),),
        "prlimit64": (_is(0, 0),),
        "fcntl": (_is_not(1, _F_SETOWN, _F_SETSIG, _F_SETOWN_EX, _F_SETLEASE),),
        "ioctl": (
            _is_not(1, _TIOCSTI, _TIOCLINUX),
            _is_not(1, *_NETWORK_IOCTLS, mask=_IOCTL_FAMILY),
        ),
    }
    if policy.same_user:
        for name in ("affinity", "param", "scheduler", "attr"):
            decisions[f"sched_set{name}"] = (_is(0, 0),)
        decisions["setpriority"] = (_is(0, _PRIO_PROCESS), _is(1, 0))
        decisions["ioprio_set"] = (_is(0, _IOPRIO_WHO_PROCESS), _is(1, 0))
    if not policy.foreign_signals:
        decisions["kill"] = (_is(0, 0, _SELF),)
        for name in ("tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"):
            decisions[name] = (_is(0, _SELF),)
    if not policy.truncation:
        bare = (_O_TRUNC, _O_TRUNC | _O_ACCMODE)
        for name, flags in (("open", 1), ("openat", 2)):
            decisions[name] = (_is_not(flags, *bare, mask=_O_TRUNC | _O_ACCMODE),)
    return decisions


class Filter:
    """The program for this machine, ready to be installed after a fork."""

    def __init__(self, policy: Policy = Policy()) -> None:
        code = program(platform.machine(), policy)
        values = [value for _, _, _, value in struct.iter_unpack("=HBBI", code)]
        self._own = [8 * at + 4 for at, value in enumerate(values) if value == _SELF]
        self._code = ctypes.create_string_buffer(code, len(code))
        # struct sock_fprog: length, padding, pointer.
        header = struct.pack("@HP", len(code) // 8, ctypes.addressof(self._code))
        self._header = ctypes.create_string_buffer(header, len(header))

    def install(self) -> None:
        """Put the filter on this thread and all that it will start; no way back."""
        for offset in self._own:
            struct.pack_into("=I", self._code, offset, os.getpid())
        kernel.prctl(
            kernel.PR_SET_SECCOMP, kernel.SECCOMP_MODE_FILTER, ctypes.addressof(self._header)
        )
