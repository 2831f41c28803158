"""The sealed stages of a run so far, and what the next one is made from.

A stage's input is the rows of the latest stage that made such rows. Two records are never sealed:
they are joined from the files of several stages, which all keep the order of the questions.
"""

import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kodgen.engine.dataset import Rows
from kodgen.engine.store.sealing import KEPT, REJECTED, TRIALS, Sealed
from kodgen.engine.store.tables import read_records
from kodgen.errors import RunDirectoryError
from kodgen.records import (
    Answered,
    Pair,
    Record,
    Rejected,
    Response,
    Trial,
    Tried,
    Triplet,
    content_hash,
)

JOINED: frozenset[type[Record]] = frozenset({Tried, Answered})
"""Records that are never sealed, but joined from those that are."""
DIGEST = 64
"""Hex digits of the digest of several files: as many as of one."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a stage is made from."""

    digest: str
    """Of the rows."""
    rows: int
    read: Callable[[], Iterator[Any]]
    """Gives the rows, each time from the start."""


@dataclass(frozen=True, slots=True)
class Link:
    """A sealed stage."""

    sealed: Sealed
    folder: Path

    @property
    def kept(self) -> Path:
        """The file of the rows that it kept."""
        return self.folder / KEPT

    @property
    def rejected(self) -> Path:
        """The file of the rows that it turned away."""
        return self.folder / REJECTED

    @property
    def trials(self) -> Path:
        """The file of its attempts, of a stage that made any."""
        return self.folder / TRIALS


class Chain:
    """The sealed stages of a run, in their order."""

    def __init__(self) -> None:
        self._links: list[Link] = []
        self._made: dict[type[Record], Link] = {}
        self._tried: Link | None = None

    def copy(self) -> "Chain":
        """Another one, to add to."""
        other = Chain()
        other._links, other._made, other._tried = [*self._links], {**self._made}, self._tried
        return other

    def add(self, link: Link, produces: type[Record], *, trials: bool = False) -> None:
        """Add the stage that was sealed last.

        Args:
            link: The stage.
            produces: The record of the rows that it kept.
            trials: Whether it sealed attempts at questions as well.
        """
        self._links.append(link)
        self._made[produces] = link
        if trials:
            self._tried = link

    @property
    def sealed(self) -> tuple[Sealed, ...]:
        """What their manifests say."""
        return tuple(link.sealed for link in self._links)

    def __len__(self) -> int:
        return len(self._links)

    def has(self, record: type[Record]) -> bool:
        """Whether any stage made such rows."""
        return record in self._made

    def source(self, record: type[Record]) -> Source:
        """The rows that a stage which consumes such records is made from.

        Raises:
            KeyError: No stage before made any.
        """
        if record is Tried:
            return self._joined(self._attempts(), self.tried)
        if record is Answered:
            return self._joined([*self._attempts(), *self._answers()], self.answered)
        link = self._made[record]
        read = lambda: read_records(link.kept, record)  # noqa: E731 (each time from the start)
        return Source(link.sealed.kept_digest, link.sealed.kept, read)

    def _joined(self, digests: list[str], read: Callable[[], Iterator[Any]]) -> Source:
        triplets = self._made[Triplet].sealed
        digest = content_hash(triplets.kept_digest, *digests, length=DIGEST)
        return Source(digest, triplets.kept, read)

    def _attempts(self) -> list[str]:
        return [] if self._tried is None else [self._tried.sealed.digests[TRIALS]]

    def _answers(self) -> list[str]:
        made = self._made.get(Response)
        return [] if made is None else [made.sealed.digests[KEPT], made.sealed.digests[REJECTED]]

    def rows(self) -> Rows:
        """What a dataset is written from."""
        return Rows(
            self.triplets,
            self.responses if self.has(Response) else None,
            self.source(Pair).read if self.has(Pair) else None,
        )

    def triplets(self) -> Iterator[tuple[Triplet, list[Trial]]]:
        """The latest triplets, each with all attempts at its question."""
        trials: Iterable[Trial] = ()
        if self._tried is not None:
            trials = read_records(self._tried.trials, Trial)
        by_question = _Groups(trials, lambda trial: trial.question_id, skip=True)
        for triplet in read_records(self._made[Triplet].kept, Triplet):
            yield triplet, by_question.of(triplet.question_id)

    def tried(self) -> Iterator[Tried]:
        """The latest triplets with all attempts, as one record each."""
        for triplet, trials in self.triplets():
            yield Tried(id=triplet.id, subset=triplet.subset, triplet=triplet, trials=tuple(trials))

    def responses(self) -> Iterator[tuple[Triplet, list[Response], list[Response]]]:
        """The latest triplets, each with its answers that were kept, and with all others.

        Raises:
            RunDirectoryError: There are answers to other triplets.
        """
        kept, others = _Groups((), _triplet_of), _Groups((), _triplet_of)
        made = self._made.get(Response)
        if made is not None:
            kept = _Groups(read_records(made.kept, Response), _triplet_of)
            others = _Groups(_rejected_answers(made.rejected), _triplet_of)
        for triplet in read_records(self._made[Triplet].kept, Triplet):
            yield triplet, kept.of(triplet.id), others.of(triplet.id)
        left = kept.left or others.left
        if made is not None and left is not None:
            raise RunDirectoryError(
                f"{made.folder}: holds answers to {left}, which is no row of "
                f"{self._made[Triplet].folder}, or not in its order; delete manifest.json in both "
                "to have them sealed again"
            )

    def answered(self) -> Iterator[Answered]:
        """The latest triplets with all attempts and all answers, as one record each."""
        both = zip(self.triplets(), self.responses(), strict=True)
        for (triplet, trials), (_, kept, others) in both:
            answers = sorted((*kept, *others), key=lambda answer: answer.attempt)
            yield Answered(
                id=triplet.id,
                subset=triplet.subset,
                triplet=triplet,
                trials=tuple(trials),
                responses=tuple(answers),
            )


def _triplet_of(answer: Response) -> str:
    return answer.triplet_id


def _rejected_answers(path: Path) -> Iterator[Response]:
    """Answers that were turned away; a triplet that was itself holds none."""
    for rejected in read_records(path, Rejected):
        row = json.loads(rejected.row)
        if "triplet_id" in row:
            yield Response.model_validate(row)


class _Groups:
    """Groups of neighbours, asked for in their order.

    Args:
        rows: The rows, those of a group next to each other.
        key: Of a row's group.
        skip: Whether groups that are not asked for come between; then one that is asked for is
            always there. If not, every group is asked for, and so are some that are not there.
    """

    def __init__(
        self, rows: Iterable[Any], key: Callable[[Any], str], *, skip: bool = False
    ) -> None:
        self._groups = itertools.groupby(rows, key)
        self._skip = skip
        self._next = self._take()

    def _take(self) -> tuple[str | None, list[Any]]:
        key, group = next(self._groups, (None, ()))
        return key, list(group)

    @property
    def left(self) -> str | None:
        """The key of the next group; None if there is none."""
        return self._next[0]

    def of(self, key: str) -> list[Any]:
        """The group of a key, empty if there is none."""
        while self._skip and self._next[0] not in {key, None}:
            self._next = self._take()
        found, group = self._next
        if found != key:
            return []
        if not self._skip:
            self._next = self._take()
        return group
