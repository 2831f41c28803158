"""Opens a finished run to be released: its sealed stages, checked by digest, and its pipeline."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from kodgen.config import Export, Pipeline, Prefer, Release, Respond, Sandbox
from kodgen.engine.chain import Chain, Link
from kodgen.engine.dataset import Rows
from kodgen.engine.reporting.stages import Stage, sealed_stages
from kodgen.engine.steps import STEPS
from kodgen.engine.store.rundir import pipeline_record, read_pipeline_record
from kodgen.errors import RunDirectoryError
from kodgen.records import COMPLETED, Draw, Pair, Record, Response, Triplet

T = TypeVar("T")
STYLES = ("_I", COMPLETED)
"""Ends of a question's id in exported rows, by its style."""


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A finished run."""

    path: Path
    pipeline: Mapping[str, Any]
    """As the run's record has it."""
    kodgen: Mapping[str, str]
    stages: tuple[Stage, ...]
    chain: Chain
    left_out: frozenset[str]
    """Questions whose rows do not go out."""

    def rows(self) -> Rows:
        """What the dataset is written from."""
        rows = self.chain.rows()
        return Rows(
            lambda: self._wanted(rows.triplets, lambda row: row[0].question_id),
            None
            if rows.responses is None
            else lambda: self._wanted(rows.responses, lambda row: row[0].question_id),
            None
            if rows.pairs is None
            else lambda: self._wanted(rows.pairs, lambda row: row.question_id),
        )

    def triplets(self) -> Iterator[Triplet]:
        """The rows that go out."""
        read = self.chain.source(Triplet).read
        return self._wanted(read, lambda row: row.question_id)

    def exporting(self) -> Pipeline:
        """As much of the pipeline as an export reads.

        A record holds what decides rows, without how a model is reached, so the whole pipeline
        can't be had of it again.
        """
        said = self.pipeline
        read: dict[str, Any] = {
            "name": str(said.get("name", self.path.name)),
            "seed": int(said.get("seed", 0)),
            "export": self.section("export", Export),
            "respond": Respond() if self.chain.has(Response) else None,
            "prefer": Prefer() if self.chain.has(Pair) else None,
        }
        return Pipeline.model_construct(**read)

    def section(self, name: str, kind: type[T]) -> T:
        """A section of the record as the config has it; defaults where it is not there.

        Raises:
            RunDirectoryError: It was written by another version of kodgen.
        """
        try:
            return kind(**(self.pipeline.get(name) or {}))
        except ValidationError as error:
            raise RunDirectoryError(
                f"{pipeline_record(self.path)}: section {name!r} is of another version of kodgen "
                f"({error.errors()[0]['msg']}); run `kodgen build` again with this one"
            ) from error

    def sandbox(self, base: Path, *, no_isolation: bool) -> Sandbox:
        """The sandbox that rows were verified in.

        Args:
            base: What a relative path of an interpreter starts from.
            no_isolation: Whether limits alone will do.
        """
        section = self.section("sandbox", Sandbox)
        update: dict[str, Any] = {"accept_no_isolation": no_isolation}
        if section.python is not None:
            update["python"] = (base / section.python.expanduser()).absolute()
        return section.model_copy(update=update)

    def _wanted(
        self, read: Callable[[], Iterator[T]] | None, question: Callable[[T], str]
    ) -> Iterator[T]:
        assert read is not None, "asked for only where there are such rows"
        return (row for row in read() if question(row) not in self.left_out)


def open_run(path: Path, says: Release) -> OpenRun:
    """Open a run.

    Raises:
        RunDirectoryError: It is no run, is not finished, or was changed since it was sealed.
    """
    import yaml

    pipeline = read_pipeline_record(path)
    about = yaml.safe_load(pipeline_record(path).read_text(encoding="utf-8"))["kodgen"]
    stages, left = sealed_stages(path)
    names = {stage.name for stage in stages}
    missing = [name for name in pipeline.get("stage_versions") or {} if name not in names]
    if left or missing:
        raise RunDirectoryError(
            f"{path}: not finished ({', '.join([*left, *missing])}); run its `kodgen build` to the "
            "end, then release it"
        )
    made: Mapping[str, type[Record]] = {step.name: step.kind.produces for step in STEPS}
    trials = {step.name for step in STEPS if step.trials}
    chain = Chain()
    for stage in sorted(stages, key=lambda one: one.folder.name):
        kind = made.get(stage.name, Draw)
        chain.add(Link(stage.sealed, stage.folder), kind, trials=stage.name in trials)
    if not chain.has(Triplet):
        raise RunDirectoryError(f"{path}: holds no verified rows; run its `kodgen build` first")
    return OpenRun(path, pipeline, about, stages, chain, frozenset(map(_base, says.leave_out)))


def _base(question: str) -> str:
    """A question's own id, of an id as exported rows have it."""
    return next((question[: -len(end)] for end in STYLES if question.endswith(end)), question)
