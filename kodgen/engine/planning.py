"""Finds out what a build would make again, ask for and pay; writes nothing."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kodgen.config import Pipeline, attempts_of
from kodgen.engine.accounting import stage_token_cost
from kodgen.engine.build import fingerprints_of, load_used_prompts
from kodgen.engine.chain import JOINED, Chain, Link
from kodgen.engine.gather import gather
from kodgen.engine.models import sections_of
from kodgen.engine.pending import Found, look_ahead
from kodgen.engine.plan import Plan, StagePlan
from kodgen.engine.released import read_released
from kodgen.engine.steps import Needs, Step, benchmark_tasks, steps_of
from kodgen.engine.store.completions import CompletionStore, Tokens
from kodgen.engine.store.journal import Journal
from kodgen.engine.store.rundir import (
    completions_file,
    folder_name,
    pipeline_record,
    read_pipeline_record,
    refuse_strangers,
)
from kodgen.engine.store.sealing import Sealed, read_matching, read_sealed
from kodgen.engine.tools import stage_key, stage_note
from kodgen.pipeline.identity import differences
from kodgen.records import Draw, Record, Triplet
from kodgen.stages.attempts import Policy, attempts_possible
from kodgen.stages.base import RowStage, TableStage
from kodgen.stages.solve import SolveStage


async def plan(pipeline: Pipeline, run: Path) -> Plan:
    """Look at what a build of a pipeline in a run directory would do.

    Stages are run on what is stored; a table stage too, where all its rows are known. The answers
    of a running build may be looked at: nothing is written or locked.

    Raises:
        KodgenError: As a build does before its first request.
    """
    planning = _Planning(pipeline, run)
    try:
        stages = [stage async for stage in planning.stages()]
    finally:
        planning.close()
    return Plan(
        run,
        pipeline_record(run).exists(),
        planning.changes,
        tuple(stages),
        target=pipeline.target is not None,
    )


@dataclass(slots=True)
class _Rows:
    """The rows between two stages."""

    known: Iterable[Any]
    unknown: Counter[str] = field(default_factory=Counter)
    """By subset, rows that are still to come or not."""


class _Planning:
    def __init__(self, pipeline: Pipeline, run: Path) -> None:
        self._pipeline = pipeline
        self._run = run
        self._prompts = load_used_prompts(pipeline)
        self._prints = fingerprints_of(pipeline, self._prompts)
        self._chain = Chain()
        self._whole = True
        """Whether every stage so far is sealed as it is."""
        self._made: dict[type[Record], _Rows] = {}
        """Rows of stages that are not."""
        self.changes: tuple[str, ...] = ()
        if pipeline_record(run).exists():
            theirs, mine = read_pipeline_record(run), self._prints.described()
            refuse_strangers(run, theirs, mine)
            self.changes = tuple(differences(theirs, mine))
        self._store = CompletionStore(completions_file(run), self._prints.variant(), read_only=True)

    def close(self) -> None:
        self._store.close()

    async def stages(self) -> AsyncIterator[StagePlan]:
        pipeline = self._pipeline
        yield self._seeds()
        needs = Needs(
            pipeline,
            self._prompts,
            tasks=lambda: benchmark_tasks(pipeline),
            released=lambda: read_released(pipeline),
        )
        for number, step in enumerate(steps_of(pipeline), 1):
            folder = self._run / folder_name(number, step.name)
            sealed = self._matching(folder, step)
            if sealed is not None:
                self._chain.add(Link(sealed, folder), step.kind.produces, trials=step.trials)
                yield StagePlan(step.name, "up to date", sealed.rows_in, recalled=sealed.rows_in)
                continue
            rows = self._input(step.kind.consumes)
            self._whole = False
            stage = step.make(needs)
            if isinstance(stage, TableStage):
                made, planned = self._table_stage(stage, rows)
            else:
                made, planned = await self._row_stage(stage, folder, rows)
            self._made[stage.produces] = made
            yield planned

    def _seeds(self) -> StagePlan:
        folder = self._run / folder_name(0, "seeds")
        sealed = read_sealed(folder)
        if sealed is not None and sealed.made_by == self._prints.seeds(None):
            self._chain.add(Link(sealed, folder), Draw)
            return StagePlan("seeds", "up to date", sealed.rows_in, recalled=sealed.rows_in)
        outcome = gather(self._pipeline)
        self._whole = False
        self._made[Draw] = _Rows(outcome.kept)
        count = len(outcome.kept) + len(outcome.rejected)
        return StagePlan("seeds", "again", count, remade=count)

    def _matching(self, folder: Path, step: Step) -> Sealed | None:
        if not self._whole:
            return None
        digest = self._chain.source(step.kind.consumes).digest
        return read_matching(folder, digest, self._prints.stage(step.name))

    def _input(self, record: type[Record]) -> _Rows:
        """What a stage is made from, as far as it is known."""
        if self._whole or (record not in JOINED and record not in self._made):
            return _Rows(self._chain.source(record).read())
        if record not in JOINED:
            return self._made[record]
        # What is joined to the triplets is known once their stages are sealed.
        triplets = self._input(Triplet)
        return _Rows((), triplets.unknown + Counter(row.subset for row in triplets.known))

    def _table_stage(self, stage: TableStage[Any, Any], rows: _Rows) -> tuple[_Rows, StagePlan]:
        name = stage.name
        known = list(rows.known)
        if rows.unknown:
            unknown = rows.unknown.total()
            planned = StagePlan(name, "unknown", len(known), remade=len(known), unknown=unknown)
            return _Rows(known, rows.unknown), planned
        kept = stage.process(known).kept
        return _Rows(kept), StagePlan(name, "again", len(known), remade=len(known))

    async def _row_stage(
        self, stage: RowStage[Any, Any], folder: Path, rows: _Rows
    ) -> tuple[_Rows, StagePlan]:
        last = stage.name == SolveStage.name
        planned = StagePlan(stage.name, "unknown" if rows.unknown else "again")
        planned.unknown = rows.unknown.total()
        kept: list[Record] = []
        unknown = Counter(rows.unknown)
        journal = Journal(folder / "journal.jsonl", stage_key, stage_note, read_only=True)
        try:
            looked_at = look_ahead(
                stage,
                rows.known,
                self._store,
                journal,
                self._prints.row(stage.name),
                self._prints.sandbox(),
                keep=stage.name != steps_of(self._pipeline)[-1].name,
            )
            async for row, found in looked_at:
                _count(planned, found)
                if not found.known:
                    planned.at_most += self._possible(stage.name, row.subset, found)
                    unknown[row.subset] += 1
                kept += found.kept
        finally:
            journal.close()
        for subset, count in rows.unknown.items():
            planned.at_most += count * self._possible(stage.name, subset, None)
        if rows.unknown or (last and self._pipeline.target is not None):
            # Which of these rows come to this stage, or are begun, is not known.
            planned.requests = 0
        self._estimate(planned)
        return _Rows(kept, unknown), planned

    def _possible(self, stage: str, subset: str, found: Found[Any] | None) -> int:
        """The most requests that a row may come to."""
        if not sections_of(self._pipeline, stage):
            return 0
        if stage != SolveStage.name:
            most = getattr(getattr(self._pipeline, stage), "attempts", 1)
            return most - (0 if found is None else len(found.answered))
        policy = Policy.of(attempts_of(self._pipeline, subset))
        if found is None:
            return attempts_possible((), policy)
        possible = attempts_possible(found.results, policy)
        return len(set(range(possible)) - found.answered)

    def _estimate(self, planned: StagePlan) -> None:
        """What requests take and cost, going by the stored answers of their stage."""
        spent: Tokens = self._store.spent[planned.stage]
        if spent.answers == 0:
            return
        planned.prompt_tokens = spent.prompt / spent.answers
        planned.completion_tokens = spent.completion / spent.answers
        sections = sections_of(self._pipeline, planned.stage)
        of_models = self._store.spent.by_model.get(planned.stage, {})
        total = stage_token_cost(of_models, sections)
        if total:
            one = total / spent.answers
            planned.cost = one * planned.requests
            planned.cost_at_most = one * planned.at_most


def _count(planned: StagePlan, found: Found[Any]) -> None:
    planned.rows += 1
    planned.requests += len(found.wanted)
    if found.recalled:
        planned.recalled += 1
    elif found.known:
        planned.remade += 1
    elif found.wanted:
        planned.asked += 1
    else:
        planned.unverified += 1
