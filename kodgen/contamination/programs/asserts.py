"""Asserts of tests in one spelling, and which tasks have each."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

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
    if tree is None:
        return None
    return [ast.unparse(node.test) for node in statements(tree) if isinstance(node, ast.Assert)]


def telling_asserts(tasks: Sequence[BenchmarkTask]) -> dict[str, list[int]]:
    """Asserts that are long enough and in few enough tasks, each with the tasks' places.

    Where tests call the function `candidate`, asserts are taken with the task's own name as well.
    """
    having: dict[str, list[int]] = defaultdict(list)
    seen = Counter[str]()
    for number, task in enumerate(tasks):
        lines = {line.strip() for line in (task.tests or "").split("\n") if _ASSERT.search(line)}
        # Whole suites of `unittest` hold no other assert than the one that all of them end with,
        # and are long.
        if all(seen[line] > MOST_TASKS and _is_anybodys(line, having) for line in lines):
            continue
        seen.update(lines)
        for told in dict.fromkeys(_asserts_of(task)):
            if _is_long(told):
                having[told].append(number)
    return {told: numbers for told, numbers in having.items() if len(numbers) <= MOST_TASKS}


def _asserts_of(task: BenchmarkTask) -> Iterator[str]:
    for told in asserts(task.tests or "") or ():
        yield told
        if task.entry_point:
            yield told.replace("candidate(", f"{task.entry_point}(")


def _is_anybodys(line: str, having: Mapping[str, Sequence[int]]) -> bool:
    """Whether a line is an assert that is too short, or in too many tasks already."""
    told = _alone(line)
    # Under another function's name it would be another.
    if told is None or "candidate(" in told:
        return False
    return not _is_long(told) or len(having.get(told, ())) > MOST_TASKS


def _is_long(told: str) -> bool:
    return len(told.replace(" ", "")) >= LEAST_ASSERT


@lru_cache(maxsize=64)
def _alone(line: str) -> str | None:
    tree = tree_of(line)
    first = tree.body[0] if tree is not None and len(tree.body) == 1 else None
    return ast.unparse(first.test) if isinstance(first, ast.Assert) else None
