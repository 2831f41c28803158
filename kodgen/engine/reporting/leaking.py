"""What of a run leaks benchmarks, and how near the rest comes to one."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from kodgen.engine.reporting.attempting import parsed
from kodgen.engine.reporting.files import rows
from kodgen.engine.reporting.stages import Stage, subset_of
from kodgen.report.run.spread import bars
from kodgen.report.run.values import Leaks
from kodgen.stages.leaks import LEAK

BINS = 50
"""Of 0.02 each, as an audit's."""


def read_leaks(stages: Sequence[Stage], pipeline: Mapping[str, Any]) -> Leaks | None:
    """None where no stage compared rows with benchmarks.

    Raises:
        RunDirectoryError: A file is missing or broken.
    """
    section = pipeline.get("decontaminate") or {}
    named = [str(one.get("name", "")) for one in section.get("benchmarks") or ()]
    cells: Counter[tuple[str, str]] = Counter()
    nearest: dict[str, array[float]] = {}
    for stage in stages:
        for row in rows(stage.rejected, ["id", "reason", "evidence", "row"]):
            if row["reason"] != LEAK:
                continue
            subset = subset_of(row["id"])
            cells.update((name, subset) for name in benchmarks_of(parsed(row["evidence"])))
            if stage.name == "decontaminate":
                _note(nearest, subset, parsed(row["row"]).get("benchmark_similarity"))
        if stage.name == "decontaminate":
            for row in rows(stage.kept, ["subset", "benchmark_similarity"]):
                _note(nearest, row["subset"], row["benchmark_similarity"])
    if not (named or cells or nearest):
        return None
    found = {subset: bars(values, 0.0, 1.0, BINS) for subset, values in nearest.items()}
    every = array("d", (value for values in nearest.values() for value in values))
    return Leaks(
        benchmarks=tuple(dict.fromkeys([*named, *sorted(name for name, _ in cells)])),
        cells=cells,
        compared={subset: len(values) for subset, values in nearest.items()},
        similarity={subset: one for subset, one in found.items() if one is not None},
        every=bars(every, 0.0, 1.0, BINS),
        embedder=str(section.get("embedder", "unknown")),
    )


def benchmarks_of(evidence: Mapping[str, Any]) -> set[str]:
    """Those that evidence of a leak names: of every hit that is one, and of the weightiest."""
    tasks = [evidence.get("task", "")]
    tasks += [
        hit.get("task", "")
        for hit in evidence.get("hits") or ()
        if hit.get("status") == "contaminated"
    ]
    return {str(task).partition("/")[0] for task in tasks if task}


def _note(nearest: dict[str, "array[float]"], subset: str, cosine: float | None) -> None:
    if cosine is not None:
        nearest.setdefault(subset, array("d")).append(cosine)
