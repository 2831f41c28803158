"""Things made in processes of their own."""

import gc
import os
import signal
import time
from functools import partial

import pytest

from kodgen.contamination.assembly import READING
from kodgen.contamination.auditing import look
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.task import BenchmarkTask
from kodgen.engine.auditing.forked import made, uncollected
from kodgen.errors import InputError, KodgenError

TASKS = [
    BenchmarkTask(
        benchmark="own",
        task_id=str(number),
        views={"prompt": f"Return the sum of a list of numbers, each of them times {number + 2}."},
        entry_point="times",
        solution=f"def times(numbers):\n    total = 0\n    for one in numbers:\n"
        f"        total += one * {number + 2}\n    return total\n",
        tests=f"assert times([3, 41, {number}, 77]) == {(121 + number) * (number + 2)}\n",
    )
    for number in range(5)
]


ROWS = [
    AuditedRow("leak", TASKS[3].text, TASKS[1].solution, TASKS[4].tests),
    AuditedRow("clean", "Print the alphabet.", "print('a to z')", "assert True"),
]


def refused() -> int:
    raise InputError("line 3: no such thing; correct it")


HERE = os.getpid()


def killed() -> int:
    if os.getpid() != HERE:
        os.kill(os.getpid(), signal.SIGKILL)
    return 0


def worked(number: int) -> tuple[int, int]:
    time.sleep(0.02)
    return number, os.getpid()


def slow() -> int:
    time.sleep(0.3)
    return 0


def test_works_are_given_in_order_and_made_by_forks_and_here():
    told = made([partial(worked, number) for number in range(30)], (), 3)
    assert [number for number, _ in told] == list(range(30))
    here = [number for number, process in told if process == os.getpid()]
    assert here == list(range(here[0], 30))
    assert 1 < len(here) < 29


def test_one_process_or_one_work_needs_no_fork():
    assert made([os.getpid, os.getpid], (), 1) == [os.getpid()] * 2
    assert made([os.getpid], (), 4) == [os.getpid()]
    assert made([], (), 4) == []


def test_layers_made_elsewhere_find_the_same_and_refer_to_the_same_tasks():
    works = [partial(make, TASKS) for make in READING.values()]
    apart, here = made(works, TASKS, 2), [work() for work in works]
    assert look(apart, ROWS) == look(here, ROWS)
    assert {hit.layer for _, hit in look(apart, ROWS).hits} == set(READING)
    assert all(
        one is two
        for one, two in zip(made([lambda: TASKS[::-1]] * 2, TASKS, 2)[0], TASKS[::-1], strict=True)
    )


def test_what_a_work_raises_is_raised():
    for works in ([refused, os.getpid], [os.getpid, refused], [os.getpid, refused, os.getpid]):
        with pytest.raises(InputError, match="line 3: no such thing"):
            made(works, (), 2)


def test_a_process_that_is_killed_is_told_of():
    with pytest.raises(KodgenError, match="memory"):
        made([killed, slow], (), 2)


def test_garbage_is_collected_again_afterwards():
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
