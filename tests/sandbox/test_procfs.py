import os
import time

from kodgen.sandbox import procfs


def test_load_counts_what_this_process_used() -> None:
    until = time.process_time() + 0.05
    while time.process_time() < until:
        pass
    load = procfs.load_of(os.getpid())
    assert load is not None
    assert load.cpu_seconds >= 0.05
    assert load.waited_seconds >= 0


def test_load_of_nobody_is_unknown() -> None:
    assert procfs.load_of(2**22 + 1) is None


def test_kills_for_want_of_memory_are_counted() -> None:
    assert procfs.oom_kills() >= 0
