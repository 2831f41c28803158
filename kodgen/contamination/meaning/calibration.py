"""What a model's cosines say of a leak: weights measured on labelled pairs, by its revision."""

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from pydantic import Field

from kodgen.contamination.meaning.crowd import MADE_UP_SHARE, exercises, made_up
from kodgen.records import Record
from kodgen.similarity.embedding import Embedder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from kodgen.contamination.meaning.meaning import Meaning, Signals

REVIEW = 0.5
"""Score from which on a row is looked at: weights are scaled to put the limit there."""
CAUTIOUS = 0.75
"""Cosine that scores `REVIEW` for a model that was not calibrated: near MiniLM's own limit."""
STEEPNESS = 15.0
"""Of such a model: a cosine of 0.95 scores 0.95."""
EXERCISES = 0.2
"""Share of common exercises for such a model; near MiniLM's own."""
TRIED = 0.3
"""Score from which a solution is worth running, for such a model; MiniLM's own, with which less
than 3 % of each clean set are flagged with HumanEval though all rows have solutions, as measured by
`tests/perf/trying.py`. Nearly all that pass below it ask for what the task asks for."""
STEP = 0.001
"""Logits: keeps a request that sets a limit below it."""


class Calibration(Record):
    """Of one model: a logistic function of the signals, whose limit for a look is measured."""

    model: str = Field(description="Name of the embedder, as it tells it.")
    revision: str = Field(description="Its revision: equal revisions, equal vectors.")
    calibrated: bool = Field(description="Measured on labelled pairs; if not, cautious defaults.")
    review: float = Field(default=REVIEW, ge=0, le=1, description="Score worth a look.")
    whole: float = Field(description="Weight of the cosine of whole texts.")
    gist: float = Field(description="Weight of the cosine of what both ask for in prose.")
    commonplace: float = Field(
        description="Weight of the row's cosine to the nearest commonplace exercise; not above 0."
    )
    offset: float = Field(description="Added.")
    exercises: float = Field(
        default=EXERCISES,
        ge=0,
        le=1,
        description="Share of the common exercises that may score above a benchmark's limit.",
    )
    tried: float = Field(
        default=TRIED,
        ge=0,
        le=1,
        description="Score, before anything is taken off, from which a row's solution is run.",
    )
    raised: dict[str, float] = Field(
        default_factory=dict,
        description="Taken off again for a benchmark near to what anybody asks for, by its name.",
    )
    measured: dict[str, float] = Field(
        default_factory=dict,
        description="Recall by set of labelled leaks, share flagged by set of clean rows.",
    )

    def logits(self, signals: "Signals") -> "npt.NDArray[np.float64]":
        """The weighted sum, shape `[rows, tasks]`; 0 is the limit, but for what is taken off."""
        found: npt.NDArray[np.float64] = (
            self.whole * signals.whole
            + self.gist * signals.gist
            + self.commonplace * signals.commonplace[:, None]
            + self.offset
        )
        return found

    def scores(
        self, signals: "Signals", benchmarks: Sequence[str] | None = None
    ) -> "npt.NDArray[np.float64]":
        """From 0 to 1, shape `[rows, tasks]`.

        Args:
            signals: Of rows with tasks.
            benchmarks: Name of each task's benchmark, where something may be taken off for it.
        """
        import numpy as np

        logits = self.logits(signals)
        if benchmarks is not None:
            logits = logits - np.array(
                [self.raised.get(name, 0.0) for name in benchmarks], np.float32
            )
        found: npt.NDArray[np.float64] = np.round(1.0 / (1.0 + np.exp(-logits)), 5)
        return found

    def fitted(self, meaning: "Meaning", benchmarks: Sequence[str]) -> "Calibration":
        """Itself, with what is to be taken off for each benchmark.

        A limit that few clean rows reach with the best of 164 tasks is reached by many with the
        best of a thousand, and by more yet where tasks are short statements of what anybody asks
        for. So each benchmark is tried with clean requests of our own, and of these no more than
        the share known for its kind may reach the limit. This needs no labelled leak, and what is
        found with one benchmark does not depend on the others. In speaker verification scores are
        set right by a cohort of impostors in the same way (Auckenthaler et al. 2000, Z-norm).

        Args:
            meaning: The tasks, in the order of `benchmarks`.
            benchmarks: Name of each task's benchmark.
        """
        import numpy as np

        names = np.array(benchmarks)
        raised = dict.fromkeys(benchmarks, 0.0)
        for crowd, share in ((exercises(), self.exercises), (made_up(), MADE_UP_SHARE)):
            logits = self.logits(meaning.crowd(crowd))
            for name in raised:
                best = np.sort(logits[:, names == name].max(axis=1))[::-1]
                # The first of those that may no longer reach it.
                above = float(best[min(int(share * len(best)), len(best) - 1)]) + STEP
                raised[name] = max(raised[name], round(above, 3))
        return self.model_copy(update={"raised": {k: v for k, v in raised.items() if v > 0}})


@cache
def shipped() -> tuple[Calibration, ...]:
    """Calibrations of known models, as `tests/perf/calibrate.py` measured them."""
    text = (files("kodgen.contamination.meaning") / "calibrations.json").read_text(encoding="utf-8")
    return tuple(Calibration.model_validate(one) for one in json.loads(text))


def calibration_of(embedder: Embedder) -> Calibration:
    """The one shipped for the embedder's revision; else cautious defaults that say so."""
    for one in shipped():
        if one.revision == embedder.revision:
            return one
    return Calibration(
        model=embedder.name,
        revision=embedder.revision,
        calibrated=False,
        whole=STEEPNESS / 2,
        gist=STEEPNESS / 2,
        commonplace=0.0,
        offset=-STEEPNESS * CAUTIOUS,
    )
