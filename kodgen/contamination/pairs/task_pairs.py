"""What a task tells of arguments and results: in its words, and in its tests."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from kodgen.contamination.benchmarks.standalone import parted
from kodgen.contamination.pairs.examples import example_pairs
from kodgen.contamination.pairs.loops import checking_loops
from kodgen.contamination.pairs.pairs import Pair, checked_pairs
from kodgen.contamination.programs.skeleton import signs_of
from kodgen.contamination.programs.task_trees import task_tree
from kodgen.contamination.task import BenchmarkTask


class TaskLoop(NamedTuple):
    """A loop of a task's tests that checks a property."""

    shape: str
    words: frozenset[str]
    signs: str


class TaskPairs(NamedTuple):
    """Of one task."""

    shown: tuple[tuple[str, Pair], ...]
    """Examples, each with the view that shows it."""
    tested: tuple[Pair, ...]
    """Each once, by its key."""
    loops: tuple[TaskLoop, ...]


def task_pairs(task: BenchmarkTask) -> TaskPairs:
    """What one task tells."""
    shown = tuple((view, pair) for view, text in task.views.items() for pair in example_pairs(text))
    # What runs the tests checks nothing of its own.
    tests, _ = parted(task.tests or "")
    tree = task_tree(tests)
    if tree is None:
        return TaskPairs(shown, (), ())
    tested = {pair.key: pair for pair in checked_pairs(tree)}
    return TaskPairs(shown, tuple(tested.values()), tuple(_loops(tree, tests)))


def _loops(tree: ast.Module, tests: str) -> Iterator[TaskLoop]:
    for loop in checking_loops(tree):
        first, last = loop.lines
        code = "\n".join(tests.split("\n")[first - 1 : last])
        yield TaskLoop(loop.shape, loop.words(), signs_of(code))
