"""Asserts of tests in one spelling, and which tasks have each."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from kodgen.contamination.benchmarks.standalone import parted
from kodgen.contamination.pairs.written import written
from kodgen.contamination.programs.task_trees import task_tree
from kodgen.contamination.programs.trees import statements, tree_of
from kodgen.contamination.task import BenchmarkTask

LEAST_ASSERT = 45
"""Characters of an assert, spaces left out, below which it is anyone's."""
MOST_TASKS = 3
"""Tasks that may hold one and the same assert before it counts as anybody's."""

_ASSERT = re.compile(r"assert\b")


def asserts(tests: str) -> list[str] | None:
    """What each assert of a module checks, in one spelling; None where it is not Python."""
    tree = tree_of(tests)
    return None if tree is None else list(_told(tree))


def long_asserts(task: BenchmarkTask) -> tuple[str, ...]:
    """The task's asserts that are long enough to tell anything, each once.

    Where tests call the function `candidate`, asserts are taken with the task's own name as well.
    """
    told = dict.fromkeys(_spellings(task))
    return tuple(one for one in told if len(one.replace(" ", "")) >= LEAST_ASSERT)


def telling_asserts(asserts_of_tasks: Iterable[Sequence[str]]) -> dict[str, list[int]]:
    """Those of `long_asserts` that are in few enough tasks, each with the tasks' places."""
    having: dict[str, list[int]] = defaultdict(list)
    for number, told in enumerate(asserts_of_tasks):
        for one in told:
            having[one].append(number)
    return {told: numbers for told, numbers in having.items() if len(numbers) <= MOST_TASKS}


def _spellings(task: BenchmarkTask) -> Iterator[str]:
    checks, run = parted(task.tests or "")
    for told in (*_asserts_in(checks), *_asserts_of_run(run)):
        yield told
        if task.entry_point:
            yield told.replace("candidate(", f"{task.entry_point}(")


def _asserts_in(tests: str) -> Iterator[str]:
    # Suites of `unittest` hold none, and are long.
    tree = task_tree(tests) if _ASSERT.search(tests) else None
    return iter(()) if tree is None else _told(tree)


# What runs a suite is the same in most tasks.
@lru_cache(maxsize=64)
def _asserts_of_run(run: str) -> tuple[str, ...]:
    return tuple(_asserts_in(run))


def _told(tree: ast.Module) -> Iterator[str]:
    return (written(node.test) for node in statements(tree) if isinstance(node, ast.Assert))
