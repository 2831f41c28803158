"""Writes the dataset folder: one config per format, and the card that `load_dataset` reads.

The folder is built beside its place and takes it whole, so a reader never sees two exports mixed.
"""

import logging
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from kodgen.config import Pipeline
from kodgen.engine.dataset_card import Summary, card
from kodgen.engine.shards import Shards
from kodgen.engine.store.files import explained, write_whole
from kodgen.errors import ConfigError
from kodgen.formats.base import About, Answer, Format, Replied, Solved, Source, Written
from kodgen.formats.checking import check_formats
from kodgen.formats.splits import side_of
from kodgen.formats.training import starting_points
from kodgen.records import Pair, Response, Trial, Triplet
from kodgen.stages.export import formats_of

INCORRECT = "incorrect"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a run made, to be exported; each call reads from the start, in the same order."""

    triplets: Callable[[], Iterator[tuple[Triplet, list[Trial]]]]
    """The latest triplets, each with all attempts at its question."""
    responses: Callable[[], Iterator[tuple[Triplet, list[Response], list[Response]]]] | None = None
    """The latest triplets, each with its responses that were kept and with all others; None where
    the run asks for none."""
    pairs: Callable[[], Iterator[Pair]] | None = None
    """Preference pairs; None where the run makes none."""


def write_dataset(folder: Path, pipeline: Pipeline, read: Rows) -> Mapping[str, Mapping[str, int]]:
    """Write every format of a pipeline and the card; the folder opens with `load_dataset`.

    Rows are read once for each source that a format has, so memory does not grow with their
    number. What was at `folder` before is replaced.

    Returns:
        Rows by config and split. A split without rows is not there, neither in the folder.

    Raises:
        ConfigError: A format is made from rows that the run makes none of.
        RunDirectoryError: The disk is full or the folder can't be written.
    """
    mistakes = [what for _, what in check_formats(pipeline)]
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    formats = formats_of(pipeline.export.formats)
    draft = folder.with_name(folder.name + ".draft")
    with explained(draft):
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
    summary = Summary()
    for triplet, _ in read.triplets():
        summary.add(triplet)
    about = About(most_attempts=summary.most_attempts)
    writers = [_Writer(draft / form.config, pipeline, form, about) for form in formats]
    for source in dict.fromkeys(form.source for form in formats):
        of_it = [writer for writer in writers if writer.form.source == source]
        for question, item in _items(source, read):
            for writer in of_it:
                writer.add(question, item)
    written = {writer.form.config: writer.close() for writer in writers}
    for config, of_config in written.items():
        if not of_config.rows:
            log.warning("dataset config %s has no row; the card leaves it out", config)
    _write_extras(draft, formats, written)
    write_whole(draft / "README.md", card(pipeline.name, formats, written, summary))
    _replace(folder, draft)
    return {config: of_config.rows for config, of_config in written.items()}


def _write_extras(
    draft: Path, formats: Sequence[Format[Any]], written: Mapping[str, Written]
) -> None:
    files: dict[str, str] = {}
    for form in formats:
        if written[form.config].rows:
            files |= form.extras(written[form.config])
    files |= starting_points(written)
    for path, text in files.items():
        with explained(draft / path):
            (draft / path).parent.mkdir(parents=True, exist_ok=True)
        write_whole(draft / path, text)


def _items(source: Source, read: Rows) -> Iterator[tuple[str, Any]]:
    """What formats of a source are given, with the question that decides its split."""
    if source == "pairs":
        assert read.pairs is not None, "checked with the pipeline"
        for pair in read.pairs():
            yield pair.question_id, pair
    elif source == "responses" or (source == "answers" and read.responses is not None):
        assert read.responses is not None, "checked with the pipeline"
        for triplet, right, others in read.responses():
            if source == "responses":
                yield triplet.question_id, Replied(triplet, tuple(right), tuple(others))
            else:
                for response in right:
                    yield triplet.question_id, Answer(triplet, response)
    else:
        for triplet, trials in read.triplets():
            if source == "answers":
                yield triplet.question_id, Answer(triplet, None)
            else:
                yield triplet.question_id, Solved(triplet, tuple(trials))


class _Writer:
    """One config being written."""

    def __init__(self, place: Path, pipeline: Pipeline, form: Format[Any], about: About) -> None:
        self.form = form
        self._name = pipeline.name
        self._place = place
        self._about = about
        self._side = partial(side_of, pipeline.seed, test_fraction=pipeline.export.test_fraction)
        with explained(place):
            place.mkdir()
        schema, most_bytes = form.schema(about), pipeline.export.shard_mb * 2**20
        self._splits = {
            split: Shards(place, split, schema, most_bytes)
            for split in ("train", "test", INCORRECT)
        }

    def add(self, question: str, item: Any) -> None:
        side = self._side(question)
        for row in self.form.rows(item, self._about):
            self._splits[side].add(row)
        # What is put aside may be trained on, so questions of the test split have no part in it.
        if side == "train":
            for row in self.form.aside(item, self._about):
                self._splits[INCORRECT].add(row)

    def close(self) -> Written:
        files = {split: shards.close() for split, shards in self._splits.items()}
        files = {split: names for split, names in files.items() if names}
        rows = {split: self._splits[split].rows for split in files}
        return Written(self._name, files, rows)


def _replace(folder: Path, draft: Path) -> None:
    old = folder.with_name(folder.name + ".old")
    with explained(folder):
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            folder.replace(old)
        draft.replace(folder)
        shutil.rmtree(old, ignore_errors=True)
