"""Landlock: what of the machine's files a trial may touch where it has no file tree of its own.

An allow-list by file and folder, put on after the fork; it covers files, TCP ports from ABI 4 on,
and abstract sockets and signals to processes outside from ABI 6 on. It does not cover reading of
metadata (stat, access) nor changes of it (chmod, chown, utimes, extended attributes): there the
user of the trial must differ from the files' owner, or the system call filter must refuse.

Numbers: the kernel's include/uapi/linux/landlock.h; the same on all machines.
"""

import ctypes
import functools
import os
from collections.abc import Iterable

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_GET_VERSION = 1
_PATH_BENEATH = 1
_QUIET = 1
"""LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF: hostile code shall not fill the audit log."""

EXECUTE = 1 << 0
WRITE_FILE = 1 << 1
READ_FILE = 1 << 2
READ_DIR = 1 << 3
_REMOVE_DIR = 1 << 4
_REMOVE_FILE = 1 << 5
_MAKE_CHAR = 1 << 6
_MAKE_DIR = 1 << 7
_MAKE_REG = 1 << 8
_MAKE_SOCK = 1 << 9
_MAKE_FIFO = 1 << 10
_MAKE_BLOCK = 1 << 11
_MAKE_SYM = 1 << 12
_REFER = 1 << 13
_TRUNCATE = 1 << 14
_IOCTL_DEV = 1 << 15

READ = READ_FILE | READ_DIR
READ_AND_RUN = READ | EXECUTE
CHANGE = (
    READ
    | EXECUTE
    | WRITE_FILE
    | _TRUNCATE
    | _REFER
    | _REMOVE_DIR
    | _REMOVE_FILE
    | _MAKE_DIR
    | _MAKE_REG
    | _MAKE_FIFO
    | _MAKE_SYM
)
"""All that a trial may do in folders of its own: no device nodes, no sockets."""
USE_DEVICE = READ_FILE | WRITE_FILE | _TRUNCATE

_FILES_BY_ABI = {1: (1 << 13) - 1, 2: _REFER, 3: _TRUNCATE, 5: _IOCTL_DEV}
_PORTS = 0b11
_SCOPES = 0b11
_SIGNALS = 0b10
_ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | _TRUNCATE | _IOCTL_DEV
"""Rights that a rule for something else than a folder may give."""

ABI_TRUNCATE = 3
ABI_PORTS = 4
ABI_SCOPES = 6
_ABI_QUIET = 7

_libc = ctypes.CDLL(None, use_errno=True)


class _PathBeneath(ctypes.Structure):
    """struct landlock_path_beneath_attr."""

    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def _call(number: int, what: str, *arguments: object) -> int:
    result = int(_libc.syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"landlock: {what}: {os.strerror(code)}")
    return result


@functools.cache
def abi() -> int:
    """Version of Landlock that this kernel speaks; 0 where there is none or it is switched off."""
    try:
        nothing, size = ctypes.c_void_p(None), ctypes.c_size_t(0)
        return _call(_CREATE_RULESET, "version", nothing, size, ctypes.c_uint32(_GET_VERSION))
    except OSError:
        return 0


class Rules:
    """An allow-list, its paths opened ahead so that each trial only hands them to the kernel."""

    def __init__(self, version: int | None = None) -> None:
        """Start with nothing allowed.

        Args:
            version: Speak this older ABI; the kernel's own if not given.
        """
        self._version = abi() if version is None else version
        files = sum(bits for since, bits in _FILES_BY_ABI.items() if since <= self._version)
        self._files = files
        self._handled = [files]
        if self._version >= ABI_PORTS:
            self._handled.append(_PORTS)
        if self._version >= ABI_SCOPES:
            self._handled.append(_SCOPES)
        self._opened: list[tuple[int, _PathBeneath]] = []

    def allow(self, path: str, rights: int) -> None:
        """Allow `rights` for a file, or for a folder and all below; links are followed.

        Raises:
            OSError: There is no such path.
        """
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        self._opened.append((descriptor, self._rule(descriptor, path, rights)))

    def _rule(self, descriptor: int, path: str, rights: int) -> _PathBeneath:
        folder = os.path.isdir(path)  # noqa: PTH112 - on every trial's path
        rights &= self._files if folder else self._files & _ON_FILES
        return _PathBeneath(rights, descriptor)

    def allow_all(self, paths: Iterable[str], rights: int) -> None:
        """Allow `rights` for each of the paths that exists."""
        for path in paths:
            try:
                self.allow(path, rights)
            except FileNotFoundError:
                continue

    def restrict(self, *own: str, rights: int = READ) -> None:
        """Put the rules on this thread and all that it will start; no way back.

        Needs `no_new_privs`, and that no second thread runs: such a one would stay free.

        Args:
            own: Paths that only the caller can name, such as its folder in /proc.
            rights: What is allowed of these.

        Raises:
            OSError: The kernel refused.
        """
        ruleset = _create(self._handled)
        opened: list[int] = []
        try:
            for _, rule in self._opened:
                _add(ruleset, rule)
            for path in own:
                opened.append(os.open(path, os.O_PATH | os.O_CLOEXEC))
                _add(ruleset, self._rule(opened[-1], path, rights))
            _enter(ruleset, self._version)
        finally:
            for descriptor in (ruleset, *opened):
                os.close(descriptor)

    def close(self) -> None:
        """Close the opened paths."""
        for descriptor, _ in self._opened:
            os.close(descriptor)
        self._opened.clear()


def enclose_signals() -> bool:
    """Let this thread and all that it will start signal only one another; False before ABI 6.

    Nothing else changes. `kill(-1, SIGKILL)` then ends exactly what this process started, at once
    and however it hides: who is outside can't be hit, even as the same user or by root.

    Raises:
        OSError: The kernel refused.
    """
    version = abi()
    if version < ABI_SCOPES:
        return False
    # Every domain refuses to move files between folders, unless it is told not to.
    ruleset = _create([_REFER, 0, _SIGNALS])
    everything = os.open("/", os.O_PATH | os.O_CLOEXEC)
    try:
        _add(ruleset, _PathBeneath(_REFER, everything))
        _enter(ruleset, version)
    finally:
        os.close(everything)
        os.close(ruleset)
    return True


def _create(handled: list[int]) -> int:
    attributes = (ctypes.c_uint64 * len(handled))(*handled)
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    return _call(_CREATE_RULESET, "create", ctypes.byref(attributes), size, ctypes.c_uint32(0))


def _add(ruleset: int, rule: _PathBeneath) -> None:
    descriptor, kind = ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH)
    _call(_ADD_RULE, "add", descriptor, kind, ctypes.byref(rule), ctypes.c_uint32(0))


def _enter(ruleset: int, version: int) -> None:
    flags = _QUIET if version >= _ABI_QUIET else 0
    _call(_RESTRICT_SELF, "restrict", ctypes.c_int(ruleset), ctypes.c_uint32(flags))
