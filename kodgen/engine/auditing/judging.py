"""Asks a language model about rows in doubt."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from kodgen.config import ContaminationPolicy, LLMSettings
from kodgen.contamination.auditing import Finding
from kodgen.contamination.compared import Compared
from kodgen.contamination.layers.judge import NAME
from kodgen.contamination.task import BenchmarkTask
from kodgen.engine.auditing.doubts import DoubtLayer, Pairs
from kodgen.engine.judge import run_judge

MOST_TASKS = 3
"""Tasks that a row is compared with: those of its weightiest hits."""
STORE = "judge.jsonl"
"""Keeps the answers beside the report, so that the same audit asks for none twice."""


class Judging(DoubtLayer):
    """The layer of judgement.

    Args:
        tasks: Of all benchmarks.
        policy: What hits mean.
        section: The model; None for none.
        folder: Keeps its answers.
        seed: Of its requests.
        left_out: Why it is not to be asked; None if it is.
    """

    name: ClassVar[str] = NAME

    def __init__(
        self,
        tasks: Sequence[BenchmarkTask],
        policy: ContaminationPolicy,
        section: LLMSettings | None,
        folder: Path,
        seed: int,
        left_out: str | None = None,
    ) -> None:
        why_not = left_out or ("" if section is not None else "name a model with --judge")
        super().__init__(tasks, policy, why_not)
        self._section = section
        self._folder = folder
        self._seed = seed

    def candidates(self, found: Finding) -> Sequence[BenchmarkTask] | str:
        """The tasks of its first hits."""
        names = list(dict.fromkeys(hit.task for hit in found.hits))[:MOST_TASKS]
        return [self._tasks[name] for name in names]

    async def compare(self, pairs: Pairs) -> Sequence[Compared] | str:
        """Ask; a model that will never answer ends the audit."""
        assert self._section is not None, "without a model nothing is compared"
        self._folder.mkdir(parents=True, exist_ok=True)
        return await run_judge(pairs, self._section, self._folder / STORE, seed=self._seed)
