"""Chooses the pairs of a row and a task that a report shows side by side."""

import heapq
import json
from collections.abc import Mapping, Sequence

from kodgen.config import ContaminationPolicy
from kodgen.contamination.auditing import Finding
from kodgen.contamination.policy import RANK, decide, status_of
from kodgen.contamination.summary import Pair, RowStatus
from kodgen.contamination.task import BenchmarkTask
from kodgen.records import derived_seed

NEAREST = 20
"""Pairs of each benchmark that come nearest to a leak, or are one."""
OF_SUBSET = 5
"""Pairs of each subset likewise, for each benchmark."""
SAMPLE = 40
"""Further rows of each band, contaminated and to be reviewed, drawn by hash: a sample on which
the precision of the audit can be judged."""
LONGEST = 20_000
"""Characters of a text that a report holds."""

Key = tuple[int, float, float, int]


class PairChoice:
    """Keeps the best of all findings, whatever their order.

    Args:
        tasks: Of all benchmarks.
        policy: What hits mean.
        seed: Of the sample.
    """

    def __init__(
        self, tasks: Sequence[BenchmarkTask], policy: ContaminationPolicy, seed: int
    ) -> None:
        self._tasks = {task.name: task for task in tasks}
        self._policy = policy
        self._seed = seed
        self._rows = 0
        self._heaps: dict[tuple[str, ...], list[tuple[Key, int, str, Finding]]] = {}

    def add(self, found: Finding) -> None:
        """Consider one row."""
        self._rows += 1
        names = _tasks_of(found)
        if not names:
            return
        best: dict[str, tuple[Key, str]] = {}
        chance = derived_seed(self._seed, "pair", str(self._rows), found.row.id)
        for name in names:
            benchmark = self._tasks[name].benchmark
            key = self._weight(found, name, chance)
            if benchmark not in best or key > best[benchmark][0]:
                best[benchmark] = (key, name)
        for benchmark, (key, name) in best.items():
            self._push(("nearest", benchmark), NEAREST, key, name, found)
            self._push(("subset", benchmark, found.row.subset), OF_SUBSET, key, name, found)
        if found.hits:
            self._push(
                ("sample", found.status), SAMPLE, (0, 0.0, 0.0, chance), found.hits[0].task, found
            )

    def _push(self, kind: tuple[str, ...], most: int, key: Key, task: str, found: Finding) -> None:
        heap = self._heaps.setdefault(kind, [])
        entry = (key, -self._rows, task, found)
        if len(heap) < most:
            heapq.heappush(heap, entry)
        elif entry[:2] > heap[0][:2]:
            heapq.heapreplace(heap, entry)

    def _weight(self, found: Finding, name: str, chance: int) -> Key:
        hits = [hit for hit in found.hits if hit.task == name]
        score = max((hit.score for hit in hits), default=0.0)
        return (
            RANK[decide(hits, self._policy).status],
            score,
            _similarity(found, name) or 0.0,
            chance,
        )

    def pairs(self) -> list[Pair]:
        """Those chosen, the weightiest first, none twice."""
        chosen = {
            (-number, task): found
            for heap in self._heaps.values()
            for _, number, task, found in heap
        }
        ordered = sorted(
            chosen.items(),
            key=lambda item: (
                *(-part for part in self._weight(item[1], item[0][1], 0)),
                item[0],
            ),
        )
        return [self._pair(found, self._tasks[task]) for (_, task), found in ordered]

    def _pair(self, found: Finding, task: BenchmarkTask) -> Pair:
        hits = [hit for hit in found.hits if hit.task == task.name]
        decision = decide(hits, self._policy)
        status: RowStatus = decision.status
        if status == "clean" and found.status == "error":
            status = "error"
        return Pair(
            id=found.row.id,
            subset=found.row.subset,
            benchmark=task.benchmark,
            task_id=task.task_id,
            status=status,
            similarity=_similarity(found, task.name),
            layers=decision.layers,
            question=_cut(found.row.question) or "",
            solution=_cut(found.row.solution),
            tests=_cut(found.row.tests),
            task_views={name: _cut(text) or "" for name, text in task.views.items()},
            task_solution=_cut(task.solution),
            task_tests=_cut(task.tests),
            hits=tuple(
                {
                    "layer": hit.layer,
                    "field": hit.field,
                    "view": hit.view,
                    "score": hit.score,
                    "status": status_of(hit, self._policy),
                    "evidence": dict(hit.evidence),
                }
                for hit in hits
            ),
        )


def evidence_of(found: Finding, policy: ContaminationPolicy, most: int = 5) -> str:
    """What shows a row's status, as JSON: its first hits whole, and how many more there are."""
    if not found.hits and found.nearest is None and not found.trouble:
        return _NOTHING
    shown: list[Mapping[str, object]] = [
        {
            "layer": hit.layer,
            "task": hit.task,
            "field": hit.field,
            "view": hit.view,
            "score": hit.score,
            "status": status_of(hit, policy),
            "evidence": dict(hit.evidence),
        }
        for hit in found.hits[:most]
    ]
    data: dict[str, object] = {"hits": shown}
    if len(found.hits) > most:
        data["more_hits"] = len(found.hits) - most
    if found.nearest is not None:
        data["nearest"] = found.nearest.task.name
    if found.trouble:
        data["trouble"] = found.trouble
    return json.dumps(data, ensure_ascii=False, sort_keys=True)


_NOTHING = json.dumps({"hits": []})


def _tasks_of(found: Finding) -> list[str]:
    names = {hit.task for hit in found.hits}
    if found.nearest is not None:
        names.add(found.nearest.task.name)
    return sorted(names)


def _similarity(found: Finding, task: str) -> float | None:
    near = found.nearest
    return near.cosine if near is not None and near.task.name == task else None


def _cut(text: str | None) -> str | None:
    if text is None or len(text) <= LONGEST:
        return text
    return text[:LONGEST] + "…"
