import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kodgen.sandbox.harness.semaphores import SemLock

REPOSITORY = Path(__file__).resolve().parents[3]

SCRIPT = """\
import multiprocessing, os, sys
from concurrent.futures import ProcessPoolExecutor
from kodgen.sandbox.harness import kernel, landlock, semaphores

semaphores.install()
kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
rules = landlock.Rules()
rules.allow("/", landlock.READ_AND_RUN)
rules.allow(sys.argv[1], landlock.CHANGE)
rules.allow("/dev/null", landlock.USE_DEVICE)
rules.restrict()
os.environ["TMPDIR"] = sys.argv[1]
fork = multiprocessing.get_context("fork")

def square(number):
    return number * number

def add(total, lock, queue):
    for _ in range(200):
        with lock:
            total.value += 1
    queue.put(os.getpid())

with fork.Pool(2) as pool:
    assert pool.map(square, range(5)) == [0, 1, 4, 9, 16]
with ProcessPoolExecutor(2, mp_context=fork) as executor:
    assert list(executor.map(square, [3, 4])) == [9, 16]
total, lock, queue = fork.Value("i", 0), fork.Lock(), fork.Queue()
children = [fork.Process(target=add, args=(total, lock, queue)) for _ in range(3)]
for child in children:
    child.start()
assert len({queue.get() for _ in children}) == 3
for child in children:
    child.join()
assert total.value == 600
event, condition, barrier = fork.Event(), fork.Condition(), fork.Barrier(1)
event.set()
assert event.wait(1) and barrier.wait(1) == 0
with condition:
    assert condition.wait(0.01) is False
semaphore = fork.BoundedSemaphore(1)
semaphore.acquire()
semaphore.release()
try:
    semaphore.release()
except ValueError:
    pass
else:
    raise SystemExit("released too many times")
"""


def test_multiprocessing_works_without_shared_memory_files(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        env={"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_recursive_lock_belongs_to_its_thread() -> None:
    lock = SemLock(0, 1, 1)
    assert lock.acquire()
    assert lock.acquire()
    assert lock._count() == 2
    seen: list[object] = []

    def other() -> None:
        seen.append(lock.acquire(False))
        seen.append(lock._is_mine())
        try:
            lock.release()
        except AssertionError as error:
            seen.append(str(error))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert seen == [False, False, "attempt to release recursive lock not owned by thread"]
    lock.release()
    lock.release()
    assert lock._get_value() == 1


def test_waiting_ends_in_time() -> None:
    lock = SemLock(1, 0, 5)
    begun = time.monotonic()
    assert lock.acquire(True, 0.1) is False
    assert 0.05 < time.monotonic() - begun < 5
    assert lock._is_zero()
    assert lock.acquire(False) is False


def test_a_child_wakes_its_parent() -> None:
    lock = SemLock(1, 0, 5)
    child = os.fork()
    if child == 0:
        lock._after_fork()
        lock.release()
        os._exit(0)
    assert lock.acquire(True, 10)
    os.waitpid(child, 0)


def test_too_many_releases_are_refused() -> None:
    lock = SemLock(1, 1, 1)
    with pytest.raises(ValueError, match="too many times"):
        lock.release()
