"""The system call filter of a trial, as a classic BPF program assembled here.

A deny-list: what a filter can refuse without breaking honest code is refused with EPERM. It holds
the ways out (sockets, exec, io_uring), the ways up (namespaces, mounts, modules, keyrings, bpf)
and the ways into other processes (ptrace and its kin). clone3 is answered with ENOSYS, because
its flags lie in memory where no filter can read them, and C libraries then fall back to clone.

Numbers: the kernel's asm/unistd_64.h (x86_64) and asm-generic/unistd.h (aarch64).
"""

import ctypes
import errno
import platform
import struct
from typing import NamedTuple

from . import kernel

_DENIED: dict[str, tuple[int | None, int | None]] = {
    "socket": (41, 198),
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "open_tree_attr": (467, 467),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "setns": (308, 268),
    "unshare": (272, 97),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "syslog": (103, 116),
    "lookup_dcookie": (212, 18),
    "nfsservctl": (180, 42),
    "vhangup": (153, 58),
    "uselib": (134, None),
    "sysfs": (139, None),
    "_sysctl": (156, None),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "settimeofday": (164, 170),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    "personality": (135, 92),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    "memfd_secret": (447, 447),
    "seccomp": (317, 277),
    "lsm_set_self_attr": (460, 460),
}


class _Machine(NamedTuple):
    audit: int
    column: int
    clone: int
    clone3: int
    socketpair: int
    prctl: int
    ioctl: int


# AUDIT_ARCH_* of linux/audit.h.
_MACHINES = {
    "x86_64": _Machine(0xC000003E, 0, 56, 435, 53, 157, 16),
    "aarch64": _Machine(0xC00000B7, 1, 220, 435, 199, 167, 29),
}
_X32_BIT = 0x40000000

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
# Offsets in struct seccomp_data; the low half of an argument comes first, both machines being
# little-endian.
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16

_AF_UNIX = 1
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C

Instruction = tuple[int, int, int, int]


def _answer(code: int) -> Instruction:
    return (_RETURN, 0, 0, _ERRNO | code)


def _on_argument(number: int, position: int, tests: list[Instruction]) -> list[Instruction]:
    """For one system call, load the low half of an argument and run `tests`; they must return."""
    load = (_LOAD, 0, 0, _ARGUMENTS + 8 * position)
    return [(_JUMP_EQUAL, 0, 1 + len(tests), number), load, *tests]


def program(machine: str) -> bytes:
    """Assemble the filter: an array of struct sock_filter.

    Raises:
        KeyError: No system call numbers are known for this machine.
    """
    numbers = _MACHINES[machine]
    allow: Instruction = (_RETURN, 0, 0, _ALLOW)
    deny = _answer(errno.EPERM)
    code: list[Instruction] = [
        (_LOAD, 0, 0, _ARCH),
        (_JUMP_EQUAL, 1, 0, numbers.audit),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine == "x86_64":
        code += [(_JUMP_AT_LEAST, 0, 1, _X32_BIT), _answer(errno.ENOSYS)]
    for pair in _DENIED.values():
        number = pair[numbers.column]
        if number is not None:
            code += [(_JUMP_EQUAL, 0, 1, number), deny]
    code += [(_JUMP_EQUAL, 0, 1, numbers.clone3), _answer(errno.ENOSYS)]
    code += _on_argument(
        numbers.clone, 0, [(_JUMP_ANY_BIT, 0, 1, kernel.NAMESPACE_FLAGS), deny, allow]
    )
    code += _on_argument(numbers.socketpair, 0, [(_JUMP_EQUAL, 1, 0, _AF_UNIX), deny, allow])
    code += _on_argument(
        numbers.prctl, 0, [(_JUMP_EQUAL, 0, 1, kernel.PR_SET_DUMPABLE), deny, allow]
    )
    code += _on_argument(
        numbers.ioctl,
        1,
        [(_JUMP_EQUAL, 1, 0, _TIOCSTI), (_JUMP_EQUAL, 0, 1, _TIOCLINUX), deny, allow],
    )
    code.append(allow)
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)


class Filter:
    """The program for this machine, ready to be installed after a fork."""

    def __init__(self) -> None:
        code = program(platform.machine())
        self._code = ctypes.create_string_buffer(code, len(code))
        # struct sock_fprog: length, padding, pointer.
        header = struct.pack("@HP", len(code) // 8, ctypes.addressof(self._code))
        self._header = ctypes.create_string_buffer(header, len(header))

    def install(self) -> None:
        """Put the filter on this thread and all that it will start; no way back."""
        kernel.prctl(
            kernel.PR_SET_SECCOMP, kernel.SECCOMP_MODE_FILTER, ctypes.addressof(self._header)
        )
