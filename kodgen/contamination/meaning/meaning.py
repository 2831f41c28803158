"""Signals that a row asks for the same as a task: what a calibration weighs."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from kodgen.contamination.meaning.commonplace import commonplace
from kodgen.contamination.meaning.crowd import Crowd
from kodgen.contamination.meaning.windows import Read, read
from kodgen.contamination.prose.gist import gist
from kodgen.contamination.prose.prose import prose
from kodgen.contamination.task import BenchmarkTask
from kodgen.similarity.embedding import Embedder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Cosines = npt.NDArray[np.float32]

DECIMALS = 5
"""Cosines are rounded to this: the last digits of single precision depend on company."""
BLOCK = 512
"""Rows compared at a time: bounds memory."""
PROSE, SIGNATURE = "prose", "signature"


@dataclass(frozen=True, slots=True)
class Signals:
    """Of some rows (`n`) with all tasks (`m`)."""

    whole: "Cosines"
    """Highest cosine of any window of the question with a whole view of the task, `[n, m]`."""
    gist: "Cosines"
    """The same of the gist of both, `[n, m]`."""
    any: "Cosines"
    """Highest cosine of the question or its gist with any view or gist, `[n, m]`."""
    commonplace: "Cosines"
    """Highest cosine of the question's gist with a commonplace exercise, `[n]`."""
    exercise: "npt.NDArray[np.int64]"
    """Number of that exercise, `[n]`."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What became of some questions."""

    signals: Signals
    long: frozenset[str]
    """Questions longer than the model reads at once."""
    unread: frozenset[str]
    """Those among them whose end was not read at all."""


class Meaning:
    """Tasks as an embedder reads them, to compare questions with.

    Args:
        tasks: At least one.
        embedder: Makes the vectors.
    """

    def __init__(self, tasks: Sequence[BenchmarkTask], embedder: Embedder) -> None:
        self._embedder = embedder
        wholes = [_wholes(task) for task in tasks]
        gists = [[_gist(task.views.get(PROSE, ""), task.text)] for task in tasks]
        found = read(embedder, [text for texts in (*wholes, *gists) for text in texts])
        self._tasks = found.vectors
        self._wholes, self._gists = _runs(found, wholes), _runs(found, gists)
        exercises = read(embedder, commonplace())
        self._exercises = exercises.vectors[[exercises.rows[text][0] for text in commonplace()]]

    def crowd(self, crowd: Crowd) -> Signals:
        """Signals of clean requests; what is commonplace in an exercise, the others say."""
        import numpy as np

        signals = self.compare(crowd.texts).signals
        if not crowd.exercises:
            return signals
        gists = [_gist(prose(text), text) for text in crowd.texts]
        found = read(self._embedder, gists)
        everyday = _runs(found, [[one] for one in gists]).highest(
            np.round(found.vectors @ self._exercises.T, DECIMALS)
        )
        np.fill_diagonal(everyday, -1.0)
        return replace(signals, commonplace=everyday.max(axis=1), exercise=everyday.argmax(axis=1))

    def compare(self, questions: Sequence[str]) -> Compared:
        """Signals of questions that are not blank."""
        gists = [_gist(prose(question), question) for question in questions]
        found = read(self._embedder, [*questions, *gists])
        parts = [
            self._block(found, questions[start : start + BLOCK], gists[start : start + BLOCK])
            for start in range(0, len(questions), BLOCK)
        ]
        long = frozenset(text for text in questions if len(found.rows[text]) > 1)
        return Compared(_joined(parts), long, found.unread & long)

    def _block(self, found: Read, questions: Sequence[str], gists: Sequence[str]) -> Signals:
        import numpy as np

        whole, said = _runs(found, [[one] for one in questions]), _runs(found, [[o] for o in gists])
        # Windows of the block once each, as many questions are their own gist.
        rows, place = np.unique(np.concatenate([whole.rows, said.rows]), return_inverse=True)
        whole = _Runs(place[: len(whole.rows)], whole.starts)
        said = _Runs(place[len(whole.rows) :], said.starts)
        vectors = found.vectors[rows]
        cosines = np.clip(np.round(vectors @ self._tasks.T, DECIMALS), -1.0, 1.0)
        of_whole, of_gist = whole.highest(cosines), said.highest(cosines)
        straight = self._wholes.highest(of_whole.T).T
        plain = self._gists.highest(of_gist.T).T
        crossed = np.maximum(self._gists.highest(of_whole.T).T, self._wholes.highest(of_gist.T).T)
        everyday = said.highest(np.round(vectors @ self._exercises.T, DECIMALS))
        return Signals(
            whole=straight,
            gist=plain,
            any=np.maximum(crossed, np.maximum(straight, plain)),
            commonplace=everyday.max(axis=1),
            exercise=everyday.argmax(axis=1),
        )


@dataclass(frozen=True, slots=True)
class _Runs:
    """Rows of a matrix that belong together: runs of `rows`, each from one of `starts` on."""

    rows: "npt.NDArray[np.int64]"
    starts: "npt.NDArray[np.int64]"

    def highest(self, cosines: "Cosines") -> "Cosines":
        """Highest of each run's rows, by column."""
        import numpy as np

        own = cosines[self.rows]
        if len(self.rows) == len(self.starts):
            return own
        found: Cosines = np.maximum.reduceat(own, self.starts, axis=0)
        return found


def _runs(found: Read, texts: Sequence[Sequence[str]]) -> _Runs:
    import numpy as np

    runs = [[row for text in group for row in found.rows[text]] for group in texts]
    lengths = np.array([0, *map(len, runs[:-1])])
    return _Runs(np.array([row for run in runs for row in run]), np.cumsum(lengths))


def _wholes(task: BenchmarkTask) -> list[str]:
    """The views of a task that a whole question may look like."""
    others = {
        text for view, text in task.views.items() if view not in (PROSE, SIGNATURE) and text.strip()
    }
    return sorted(others | {task.text})


def _gist(said: str, otherwise: str) -> str:
    return (gist(said) if said.strip() else "") or otherwise


def _joined(parts: Sequence[Signals]) -> Signals:
    import numpy as np

    return Signals(
        *(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Signals))
    )
