import os
import threading

import pytest

from kodgen.sandbox.harness import census, kernel
from kodgen.sandbox.harness.census import Census
from kodgen.sandbox.harness.seccomp import Filter

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


@pytest.mark.skipif(os.geteuid() != 0, reason="changes its user, as root only")
def test_runs_do_not_count() -> None:
    before = census.tasks_of(0)
    reader, writer = os.pipe()
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(writer)
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        Filter().install()
        os.setresuid(NOBODY_AT_ALL, NOBODY_AT_ALL, NOBODY_AT_ALL)
        os.write(tell, b"x")
        os.read(reader, 1)
        os._exit(0)
    try:
        os.read(ready, 1)
        assert census.tasks_of(NOBODY_AT_ALL) == 0
        assert before >= 1
    finally:
        for descriptor in (writer, reader, ready, tell):
            os.close(descriptor)
        os.waitpid(child, 0)


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
