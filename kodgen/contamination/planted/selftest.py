"""Tries an audit out on rows of which it is known what they are: planted leaks, and none.

The rows go through the same layers and the same policy as the dataset, so what the audit finds of
them, and what it flags without cause, says how far its result can be believed.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kodgen.contamination.auditing import Finding
from kodgen.contamination.planted.disguise import renamed, reworded, rewritten
from kodgen.contamination.planted.innocent import innocent_question, innocent_rows
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.summary import KindResult
from kodgen.contamination.task import BenchmarkTask
from kodgen.records import derived_seed

TASKS = 40
"""Tasks drawn from each benchmark: a share is known to within 16 points, and it takes seconds."""
LEAKS = ("verbatim", "renamed", "reworded", "rewritten", "tests_only", "solution_only")
INNOCENT = ("own_task", "own_function_to_complete")
Z = 1.959964
"""Of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A row made to be found, or not."""

    kind: str
    row: AuditedRow
    tasks: frozenset[str] = frozenset()
    """What it leaks, as `<benchmark>/<task id>`; none of an innocent row."""


def planted_rows(tasks: Sequence[BenchmarkTask], seed: int, most: int = TASKS) -> list[Planted]:
    """Leaks of some tasks of each benchmark, and rows that leak none.

    Args:
        tasks: Of all benchmarks.
        seed: Of the draw, which depends on the tasks' names and not on their order.
        most: Tasks of each benchmark.
    """
    by_benchmark: dict[str, list[BenchmarkTask]] = {}
    for task in tasks:
        by_benchmark.setdefault(task.benchmark, []).append(task)
    planted = []
    for name in sorted(by_benchmark):
        drawn = sorted(
            by_benchmark[name],
            key=lambda task: (derived_seed(seed, "self-test", task.name), task.name),
        )
        for number, task in enumerate(drawn[:most]):
            planted += list(_leaks(task, number))
    planted += [Planted(kind, row) for kind, row in innocent_rows(seed)]
    return [
        replace(one, row=one.row._replace(id=f"self-test/{number}", subset=one.kind))
        for number, one in enumerate(planted)
    ]


def _leaks(task: BenchmarkTask, number: int) -> Iterator[Planted]:
    of = frozenset({task.name})
    statement = task.views.get("prose") or task.text
    other = innocent_question(number)
    yield Planted("verbatim", AuditedRow("", task.text, task.solution, task.tests), of)
    yield Planted("reworded", AuditedRow("", reworded(statement)), of)
    if task.solution:
        yield Planted("solution_only", AuditedRow("", other, task.solution), of)
        disguised = renamed(task.solution)
        if disguised is not None:
            yield Planted("renamed", AuditedRow("", other, disguised), of)
        disguised = rewritten(task.solution)
        if disguised is not None:
            yield Planted("rewritten", AuditedRow("", reworded(statement), disguised), of)
    if task.tests:
        yield Planted("tests_only", AuditedRow("", other, None, task.tests), of)


def self_test(planted: Sequence[Planted], findings: Sequence[Finding]) -> tuple[KindResult, ...]:
    """What was made of each kind, leaks first.

    Args:
        planted: The rows.
        findings: Theirs, in their order.
    """
    by_kind: dict[str, list[tuple[Planted, Finding]]] = {}
    for one, found in zip(planted, findings, strict=True):
        by_kind.setdefault(one.kind, []).append((one, found))
    return tuple(_result(kind, by_kind.get(kind, [])) for kind in (*LEAKS, *INNOCENT))


def _result(kind: str, pairs: Sequence[tuple[Planted, Finding]]) -> KindResult:
    said = Counter(found.status for _, found in pairs)
    layers: Counter[str] = Counter()
    for _, found in pairs:
        layers.update({hit.layer for hit in found.hits})
    flagged = said["contaminated"] + said["review"]
    low, high = wilson(flagged, len(pairs))
    return KindResult(
        kind=kind,
        leaks=kind in LEAKS,
        rows=len(pairs),
        contaminated=said["contaminated"],
        review=said["review"],
        error=said["error"],
        right_task=sum(any(hit.task in one.tasks for hit in found.hits) for one, found in pairs),
        by_layer=dict(sorted(layers.items())),
        rate=round(flagged / len(pairs), 6) if pairs else None,
        low=low,
        high=high,
    )


def wilson(found: int, rows: int) -> tuple[float | None, float | None]:
    """The 95 % interval of a share (Wilson 1927); None without rows."""
    if rows == 0:
        return None, None
    share, spread = found / rows, Z * Z / rows
    middle = share + spread / 2
    half = Z * math.sqrt(share * (1 - share) / rows + spread / (4 * rows))
    low, high = (middle - half) / (1 + spread), (middle + half) / (1 + spread)
    return round(max(low, 0.0), 6), round(min(high, 1.0), 6)
