"""Rows through layers: what each layer finds in them, and what the policy makes of it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kodgen.config import ContaminationPolicy
from kodgen.contamination.layer import Hit, Layer
from kodgen.contamination.layers.embedding import EmbeddingLayer, Nearest
from kodgen.contamination.policy import LAYERS, RANK, Decision, decide, status_of
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.summary import RowStatus

BLIND = "nothing_to_look_at"
"""Why a row that no layer can look at is not clean."""
NOT_BLIND = frozenset({"unread_end"})
"""Reasons that a layer counts rows under although it looked at them."""

_CLEAN = Decision("clean", ())


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found in one row."""

    row: AuditedRow
    hits: tuple[Hit, ...]
    """That say something of it by the policy, the weightiest first."""
    decision: Decision
    nearest: Nearest | None = None
    """The task nearest in meaning; None without an embedding."""
    trouble: str = ""
    """Why `clean` can't be said of it: a reason code; empty if it can."""
    near: tuple[str, ...] = ()
    """Tasks near enough in meaning to be tried, the nearest first; hits may be among them."""

    @property
    def status(self) -> RowStatus:
        """What hits make of it; without any, `error` where not all of it was looked at."""
        if self.decision.status == "clean" and self.trouble:
            return "error"
        return self.decision.status

    @property
    def similarity(self) -> float | None:
        """Cosine to the nearest task."""
        return None if self.nearest is None else self.nearest.cosine

    @property
    def task(self) -> str | None:
        """The task that weighs heaviest, as `<benchmark>/<task id>`; else the nearest one."""
        if self.hits:
            return self.hits[0].task
        return None if self.nearest is None else self.nearest.task.name


@dataclass(frozen=True, slots=True)
class Looked:
    """What layers said of a block of rows, before anything is made of it."""

    hits: tuple[tuple[int, Hit], ...]
    """Each with the row's number in the block; layer by layer."""
    unseen: Mapping[str, Counter[str]]
    """By layer, rows that it could not look at, by reason."""

    def with_more(self, other: "Looked") -> "Looked":
        """The same with what further layers say."""
        return Looked((*self.hits, *other.hits), {**self.unseen, **other.unseen})


def look(layers: Iterable[Layer], rows: Sequence[AuditedRow]) -> Looked:
    """Have layers look at a block of rows, some thousand at most."""
    hits: list[tuple[int, Hit]] = []
    unseen: dict[str, Counter[str]] = {}
    for layer in layers:
        before = Counter(layer.unseen)
        hits.extend(layer.hits(rows))
        # Of counters, the difference leaves zeros out.
        unseen[layer.name] = Counter(layer.unseen) - before
    return Looked(tuple(hits), unseen)


def finding(
    row: AuditedRow,
    hits: Iterable[Hit],
    policy: ContaminationPolicy,
    nearest: Nearest | None = None,
    trouble: str = "",
    near: tuple[str, ...] = (),
) -> Finding:
    """Judge one row by the hits of all layers."""
    telling = [hit for hit in _distinct(hits) if status_of(hit, policy) != "clean"]
    if not telling:
        return Finding(row, (), _CLEAN, nearest, trouble, near)
    telling.sort(
        key=lambda hit: (
            -RANK[status_of(hit, policy)],
            -hit.score,
            LAYERS.index(hit.layer),
            hit.task,
            hit.field,
        )
    )
    return Finding(row, tuple(telling), decide(telling, policy), nearest, trouble, near)


def with_more(found: Finding, hits: Iterable[Hit], policy: ContaminationPolicy) -> Finding:
    """The finding with the hits of a further layer."""
    more = finding(found.row, (*found.hits, *hits), policy)
    return replace(found, hits=more.hits, decision=more.decision)


def _distinct(hits: Iterable[Hit]) -> Iterable[Hit]:
    best: dict[tuple[str, str, str], Hit] = {}
    for hit in hits:
        key = (hit.layer, hit.task, hit.field)
        if key not in best or (hit.score, best[key].view) > (best[key].score, hit.view):
            best[key] = hit
    return best.values()


class Examiner:
    """Has every layer look at every row.

    Args:
        layers: Made for the tasks; in the order in which they are applied.
        policy: What their hits mean.
    """

    def __init__(self, layers: Sequence[Layer], policy: ContaminationPolicy) -> None:
        self.layers = tuple(layers)
        self.policy = policy
        self.rows = 0
        self.unseen: dict[str, Counter[str]] = {layer.name: Counter() for layer in layers}
        """Rows that each layer could not look at, by reason; those of `examine` alone."""
        self._embedding: EmbeddingLayer | None = None
        for layer in layers:
            if isinstance(layer, EmbeddingLayer):
                self._embedding = layer

    def examine(
        self, rows: Sequence[AuditedRow], troubles: Mapping[int, str] | None = None
    ) -> list[Finding]:
        """Findings of a block of rows, in their order.

        Args:
            rows: Some thousand at most.
            troubles: Why `clean` can't be said of a row, by its number in `rows`.
        """
        return self.judge(rows, look(self.layers, rows), troubles)

    def judge(
        self,
        rows: Sequence[AuditedRow],
        looked: Looked,
        troubles: Mapping[int, str] | None = None,
    ) -> list[Finding]:
        """`examine`, where all layers have looked already, here or in another process."""
        troubles = troubles or {}
        found: list[list[Hit]] = [[] for _ in rows]
        for number, hit in looked.hits:
            found[number].append(hit)
        blind = 0
        for layer in self.layers:
            unseen = looked.unseen[layer.name]
            self.unseen[layer.name] += unseen
            blind += any(reason not in NOT_BLIND for reason in unseen)
        self.rows += len(rows)
        nearest: list[Nearest | None] = [None] * len(rows)
        near: list[tuple[str, ...]] = [()] * len(rows)
        if self._embedding is not None:
            nearest, near = self._embedding.nearest(rows), self._embedding.near(rows)
        sharp = blind < len(self.layers)
        return [
            finding(
                row,
                hits,
                self.policy,
                nearest[number],
                troubles.get(number)
                or ("" if _holds_text(row) and (sharp or self._looked_at(row)) else BLIND),
                near[number],
            )
            for number, (row, hits) in enumerate(zip(rows, found, strict=True))
        ]

    def looked_at(self, layer: str) -> int:
        """Rows that a layer looked at."""
        blind = sum(n for why, n in self.unseen[layer].items() if why not in NOT_BLIND)
        return self.rows - blind

    def _looked_at(self, row: AuditedRow) -> bool:
        """Whether any layer can look at a row, found out by having each look at it alone."""
        for layer in self.layers:
            before = _blind(layer)
            for _ in layer.hits([row]):
                return True
            if _blind(layer) == before:
                return True
        return False


def _holds_text(row: AuditedRow) -> bool:
    return any(part and not part.isspace() for part in (row.question, row.solution, row.tests))


def _blind(layer: Layer) -> int:
    return sum(count for reason, count in layer.unseen.items() if reason not in NOT_BLIND)
