"""One audit: every row through every layer, block by block, and the report of it."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from kodgen import config
from kodgen.config import ContaminationPolicy
from kodgen.contamination.assembly import READING, make_layers
from kodgen.contamination.auditing import Examiner, Finding, Looked, look
from kodgen.contamination.planted.selftest import planted_rows, self_test
from kodgen.contamination.policy import LAYERS, with_settings
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.shown_pairs import PairChoice
from kodgen.contamination.summary import AuditReport, KindResult, LayerRun
from kodgen.contamination.tally import Tally
from kodgen.engine.auditing.crew import Crew
from kodgen.engine.auditing.forked import uncollected
from kodgen.engine.auditing.judging import Judging
from kodgen.engine.auditing.lexical import lexical_layers
from kodgen.engine.auditing.progress import AuditProgress
from kodgen.engine.auditing.provenance import provenance_of
from kodgen.engine.auditing.reading import Reader, Taken, find_layout
from kodgen.engine.auditing.request import NO_EMBEDDER, AuditRequest
from kodgen.engine.auditing.sources import load_benchmarks, open_dataset
from kodgen.engine.auditing.troubles import Troubles
from kodgen.engine.auditing.trying import Trying
from kodgen.engine.auditing.writing import RowsFile, write_report
from kodgen.errors import ConfigError
from kodgen.similarity.embedding import HASHING, Embedder, open_embedder

if TYPE_CHECKING:
    from kodgen.engine.auditing.doubts import DoubtLayer

T = TypeVar("T")
BLOCK = 1000
"""Rows that layers are asked about at a time."""
BLOCK_OF_SELF_TEST = 50
"""Likewise of planted rows, each of which is a leak or near to one and so takes long."""
BLOCK_OF_MODEL = 250
"""Likewise where a model reads them, which may take a second for ten: progress is by block."""


async def audit(request: AuditRequest) -> AuditReport:
    """Look for leaks of benchmarks in a dataset, and write what was found.

    Raises:
        ConfigError: An option is wrong, or no layer is left to apply.
        InputError: The dataset, a benchmark or the embedder can't be read, or the dataset holds
            no row.
        RunDirectoryError: The output can't be written.
    """
    return await _Audit(request).run()


class _Audit:
    def __init__(self, request: AuditRequest) -> None:
        self._request = request
        self._started = datetime.now(UTC)
        self._seconds: dict[str, float] = {}
        self._clock = time.monotonic()
        self._missing = request.left_out()
        names = [name for name in request.wanted() if name not in self._missing]
        policy = with_settings(ContaminationPolicy(), request.policy)
        self._table = open_dataset(request.source)
        self._layout = find_layout(self._table, request.columns)
        with uncollected():
            self._loaded, learned = load_benchmarks(request.benchmarks, names)
            self._tasks = [task for one in self._loaded for task in one.tasks]
            # Before there is a model, whose threads don't live on in a fork.
            self._lexical = lexical_layers(names, self._tasks, learned)
        self._embedder: Embedder | None = None
        if "embedding" in names and request.embedder != NO_EMBEDDER:
            self._embedder = open_embedder(request.embedder)
        rest = [name for name in names if name not in READING]
        self._vectors, self._policy = make_layers(
            rest, self._tasks, self._embedder, policy, request.tried
        )
        self._layers = [*self._lexical, *self._vectors]
        if not self._layers:
            raise ConfigError(
                "no layer is left to look at rows; choose one with --layers, or an --embedder"
            )
        missing = self._missing
        self._doubts: tuple[DoubtLayer, ...] = (
            Trying(self._tasks, self._policy, config.Sandbox(), missing.pop("behaviour", None)),
            Judging(
                self._tasks,
                self._policy,
                request.judge,
                request.output,
                request.seed,
                missing.pop("judge", None),
            ),
        )
        self._block = BLOCK if request.embedder in {HASHING, NO_EMBEDDER} else BLOCK_OF_MODEL
        self._took("opening")

    async def run(self) -> AuditReport:
        async with AsyncExitStack() as stack:
            for layer in self._doubts:
                await stack.enter_async_context(layer)
            return await self._run()

    async def _run(self) -> AuditReport:
        request, policy = self._request, self._policy
        examiner = Examiner(self._layers, policy)
        tally = Tally({one.source.name: len(one.tasks) for one in self._loaded}, policy)
        choice = PairChoice(self._tasks, policy, request.seed)
        troubles = Troubles()
        taken_blocks = blocks(Reader(self._table, self._layout).rows(), self._block)
        # A model has threads of its own, which don't live on in a fork.
        with Crew(self._lexical, None if self._block == BLOCK else 1) as crew:
            tested = await self._self_test(crew) if request.self_test else ()
            told = ((block, [taken.row for taken in block]) for block in taken_blocks)
            with (
                RowsFile(request.output, policy) as file,
                AuditProgress(self._table.count()) as progress,
            ):
                async for block, looked in crew.looked(told):
                    rows = [taken.row for taken in block]
                    findings = await self._found(examiner, rows, looked, _troubles(block))
                    progress.looked_at(findings)
                    for taken, found in zip(block, findings, strict=True):
                        file.add(found)
                        tally.add(found)
                        choice.add(found)
                        troubles.add(taken, found)
        self._took("rows")
        totals = tally.totals()
        seconds = self._seconds["rows"]
        report = AuditReport(
            provenance=provenance_of(
                request,
                self._table,
                self._layout,
                self._loaded,
                policy,
                self._embedder,
                self._layers,
            ),
            totals=totals,
            subsets=tally.subsets(),
            layers=self._layer_runs(examiner, tally),
            matrix=tally.matrix(),
            coverage=tally.coverage(),
            histograms=tally.histograms(),
            sweep=tally.sweep(),
            truncated_percent=tally.truncated_percent(),
            unread=troubles.found(),
            self_test=tested,
            measured={
                "started": self._started.isoformat(timespec="seconds"),
                "ended": datetime.now(UTC).isoformat(timespec="seconds"),
                "seconds": {name: round(took, 3) for name, took in self._seconds.items()},
                "rows_per_second": round(totals.rows / seconds, 2) if seconds else None,
            },
        )
        write_report(request.output, report, choice.pairs())
        return report

    async def _found(
        self,
        examiner: Examiner,
        rows: Sequence[AuditedRow],
        looked: Looked,
        troubles: Mapping[int, str],
    ) -> list[Finding]:
        looked = looked.with_more(look(self._vectors, rows))
        found = examiner.judge(rows, looked, troubles)
        for layer in self._doubts:
            found = await layer.look(found)
        return found

    async def _self_test(self, crew: Crew) -> tuple[KindResult, ...]:
        planted = planted_rows(self._tasks, self._request.seed)
        examiner = Examiner(self._layers, self._policy)
        found: list[Finding] = []
        told = ((rows, rows) for rows in blocks((one.row for one in planted), BLOCK_OF_SELF_TEST))
        async for rows, looked in crew.looked(told):
            found += await self._found(examiner, rows, looked, {})
        for layer in self._doubts:
            layer.forget()
        self._took("self_test")
        return self_test(planted, found)

    def _layer_runs(self, examiner: Examiner, tally: Tally) -> tuple[LayerRun, ...]:
        runs = []
        for layer in self._layers:
            seen = examiner.looked_at(layer.name)
            unseen = dict(sorted(examiner.unseen[layer.name].items()))
            why = "" if seen else f"no row holds what it looks at ({', '.join(unseen)})"
            notes = (
                {"calibration": layer.calibration.model_dump(mode="json")}
                if hasattr(layer, "calibration")
                else {}
            )
            runs.append(
                LayerRun(
                    layer=layer.name,
                    ran=seen > 0,
                    why_not=why,
                    looked_at=seen,
                    unseen=unseen,
                    notes=notes,
                    **tally.by_layer(layer.name),
                )
            )
        runs += [layer.layer_run(tally) for layer in self._doubts]
        nothing = {"looked_at": 0, "contaminated": 0, "review": 0, "alone": 0}
        runs += [
            LayerRun(layer=name, ran=False, why_not=why, unseen={}, **nothing)
            for name, why in self._missing.items()
        ]
        return tuple(sorted(runs, key=lambda run: LAYERS.index(run.layer)))

    def _took(self, what: str) -> None:
        now = time.monotonic()
        self._seconds[what], self._clock = now - self._clock, now


def _troubles(block: Sequence[Taken]) -> dict[int, str]:
    return {
        number: "+".join(reason for reason, _ in taken.troubles)
        for number, taken in enumerate(block)
        if taken.troubles
    }


def blocks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` items each; the last one may be shorter."""
    rest = iter(items)
    while block := list(islice(rest, size)):
        yield block
