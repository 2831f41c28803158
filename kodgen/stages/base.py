"""The contract of a stage: a pure description of the work on one row, or on one whole table.

Stage code never imports Ray, never opens a file, never sleeps and never retries; the engine does
all that. A bad row is a record, never an exception: an exception is a bug or a fault of the
infrastructure, and the engine tells the two apart.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from kodgen.llm.protocol import Completion, Request
from kodgen.records import Record, Rejected, Trial, Verdict
from kodgen.sandbox.scrutiny import FULL, Scrutiny

In = TypeVar("In", bound=Record)
Out = TypeVar("Out", bound=Record)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Out]):
    """What became of a row or a table: kept and rejected rows, and every trial made on the way."""

    kept: tuple[Out, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    trials: tuple[Trial, ...] = ()
    surplus: tuple[Trial, ...] = ()
    """Trials made ahead that the decision did not need: journalled, and part of no result."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What a table stage found out about its table as a whole, as JSON: for its manifest."""


class Tools(Protocol):
    """What the engine lends to a row stage. Calls are journalled: a resumed row repeats none."""

    speculate: int
    """Most attempts at one row in flight ahead of need; 1 for none ahead."""

    async def complete(self, request: Request, *, ahead: bool = False) -> Completion:
        """Have the stage's model answer; faults of the infrastructure are retried inside.

        `ahead` marks a request that may turn out not to be needed: all others go first.

        Raises:
            LLMRefusal: This request will never be answered; reject the row with the reason.
        """
        ...

    def complete_together(self, requests: Sequence[Request]) -> Sequence[Awaitable[Completion]]:
        """Ask for several samples of one prompt: requests that differ in id and seed alone.

        They go in one request where the model's server takes that, else each in its own. Every
        awaitable behaves as `complete`, and all of them have to be awaited.
        """
        ...

    async def spare(self) -> None:
        """Return once the model has nothing certain left to do: the time for a try ahead."""
        ...

    async def verify(
        self, trial: str, solution: str, test: str, scrutiny: Scrutiny = FULL
    ) -> Verdict:
        """Run a solution against its tests. Never gives `infra`.

        Args:
            trial: Id of what is run, by which its verdict is journalled.
            solution: Source of `solution.py`.
            test: Source of the test file.
            scrutiny: What it is put through.
        """
        ...


class RowStage(ABC, Generic[In, Out]):
    """A stage whose rows are independent."""

    name: ClassVar[str]
    version: ClassVar[int]
    consumes: type[In]
    produces: type[Out]

    @abstractmethod
    async def process(self, row: In, tools: Tools) -> Outcome[Out]:
        """Work on one row."""


class TableStage(ABC, Generic[In, Out]):
    """A stage that needs all rows at once."""

    name: ClassVar[str]
    version: ClassVar[int]
    consumes: type[In]
    produces: type[Out]

    @abstractmethod
    def process(self, rows: Sequence[In]) -> Outcome[Out]:
        """Work on all rows; the result must not depend on their order but in its own order."""

    def beside(self) -> int | None:
        """How many texts it reads beside its rows; None if it takes a model, or can't tell."""
        return None


def reject(stage: str, row: Record, reason: str, evidence: str) -> Rejected:
    """Turn a row away. `reason` is a snake_case code, `evidence` shows it in words.

    What running it happened to show is left out, as it differs from run to run.
    """
    return Rejected(
        id=str(getattr(row, "id", "")),
        stage=stage,
        reason=reason,
        evidence=evidence,
        row=row.model_dump_json(exclude={"verdict": {"observed"}}),
    )
