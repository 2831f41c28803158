import os
import threading

from kodgen.sandbox.harness import census
from kodgen.sandbox.harness.census import Census

NOBODY_AT_ALL = 2_123_456_789


def test_processes_and_threads_are_counted() -> None:
    reader, writer = os.pipe()
    before = census.tasks_of(NOBODY_AT_ALL)
    assert before == 0
    done = threading.Event()
    threads = [threading.Thread(target=done.wait) for _ in range(3)]
    for thread in threads:
        thread.start()
    child = os.fork()
    if child == 0:
        os.close(writer)
        os.read(reader, 1)
        os._exit(0)
    try:
        assert census.tasks_of(os.getuid()) >= 5
    finally:
        os.close(writer)
        os.close(reader)
        os.waitpid(child, 0)
        done.set()


def test_a_count_is_kept_for_a_while() -> None:
    counting = Census(os.getuid())
    first = counting.count()
    assert first >= 1
    counting._count = -1
    assert counting.count() == -1
    counting._next = 0.0
    assert counting.count() >= 1


def test_nobody_has_no_tasks() -> None:
    assert Census(None).count() == 0
