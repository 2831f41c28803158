"""Locks between processes where there is no /dev/shm to name them in.

`multiprocessing` makes its locks of POSIX semaphores with names, that is of files in /dev/shm.
Those made here have none: they lie in memory that parent and children share, which is all that
children made by fork need (sem_init(3) with `pshared`).
"""

import contextlib
import ctypes
import errno
import importlib
import mmap
import os
import threading
import time
from typing import Any

_SIZE = 64
"""Bytes; sem_t takes 32 on 64-bit machines, with glibc as with musl."""
_RECURSIVE = 0
_NANOSECONDS = 1_000_000_000
_libc = ctypes.CDLL(None, use_errno=True)


class SemLock:
    """What `_multiprocessing.SemLock` is: a counter, and who of this process holds it."""

    SEM_VALUE_MAX = 2**31 - 1
    name = None

    def __init__(
        self,
        kind: int,
        value: int,
        maxvalue: int,
        name: str = "",  # noqa: ARG002 - as the original has it
        unlink: bool = True,  # noqa: ARG002
    ) -> None:
        """Make one.

        Args:
            kind: 0 for a lock that its holder may take again, 1 for a semaphore.
            value: At first.
            maxvalue: That no release goes beyond.
            name: Not used.
            unlink: Not used.
        """
        self.kind = kind
        self.maxvalue = maxvalue
        self._memory = mmap.mmap(-1, _SIZE)
        self._semaphore = ctypes.c_char.from_buffer(self._memory)
        self.handle = ctypes.addressof(self._semaphore)
        self._pointer = ctypes.c_void_p(self.handle)
        self._held = 0
        self._holder = 0
        _check(_libc.sem_init(self._pointer, 1, ctypes.c_uint(value)))

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        """Take it; False if that took too long."""
        me = threading.get_ident()
        if self.kind != _RECURSIVE or not self._is_mine():
            if not self._take(block, timeout):
                return False
            self._holder = me
        self._held += 1
        return True

    def _take(self, block: bool, timeout: float | None) -> bool:
        if _libc.sem_trywait(self._pointer) == 0:
            return True
        deadline = None
        if timeout is not None:
            at = time.time_ns() + int(max(0.0, timeout) * _NANOSECONDS)
            deadline = (ctypes.c_long * 2)(*divmod(at, _NANOSECONDS))
        while block:
            if deadline is None:
                result = _libc.sem_wait(self._pointer)
            else:
                result = _libc.sem_timedwait(self._pointer, deadline)
            if result == 0:
                return True
            code = ctypes.get_errno()
            if code == errno.ETIMEDOUT:
                return False
            if code != errno.EINTR:
                raise OSError(code, os.strerror(code))
        return False

    def release(self) -> None:
        """Give it back.

        Raises:
            AssertionError: It is a lock that this thread does not hold.
            ValueError: It was given back more often than it was taken.
        """
        if self.kind == _RECURSIVE:
            if not self._is_mine():
                raise AssertionError("attempt to release recursive lock not owned by thread")
            if self._held > 1:
                self._held -= 1
                return
        elif self._get_value() >= self.maxvalue:
            raise ValueError("semaphore or lock released too many times")
        self._held -= 1
        _check(_libc.sem_post(self._pointer))

    def _count(self) -> int:
        return self._held

    def _is_mine(self) -> bool:
        return self._held > 0 and self._holder == threading.get_ident()

    def _get_value(self) -> int:
        value = ctypes.c_int()
        _check(_libc.sem_getvalue(self._pointer, ctypes.byref(value)))
        return max(0, value.value)

    def _is_zero(self) -> bool:
        return self._get_value() == 0

    def _after_fork(self) -> None:
        self._held = 0

    def __enter__(self) -> bool:
        """Take it."""
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        self.release()


def _check(result: int) -> None:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def install() -> None:
    """Have `multiprocessing` make its locks here, and its shared values of ordinary files."""
    with contextlib.suppress(ImportError):
        compiled: Any = importlib.import_module("_multiprocessing")
        heap: Any = importlib.import_module("multiprocessing.heap")
        compiled.SemLock = SemLock
        heap.Arena._dir_candidates = []  # noqa: SLF001 - there is no public way
