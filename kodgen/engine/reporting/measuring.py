"""Lengths, counts and scores of verified rows."""

from array import array
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kodgen.engine.reporting.files import batches
from kodgen.engine.reporting.stages import Stage
from kodgen.report.run.spread import Bars, Spread, bars, spread

if TYPE_CHECKING:
    import pyarrow as pa

PIECES = r"[\p{L}\p{N}_]+|[^\p{L}\p{N}_\s]"
"""A word, a number or a sign: what a text has is counted without any model's tokenizer."""
TESTS = r"(?m)^\s*(?:async\s+)?def\s+test"
"""The head of a test function, as pytest finds them."""
COUNTED = {
    "question": ("question", PIECES),
    "solution": ("solution", PIECES),
    "tests": ("test", PIECES),
    "test_count": ("test", TESTS),
}
SCORES = ("coverage", "strength.score", "consensus")
HIGHEST = {"coverage": 100.0}
"""1 for all other scores."""

Lengths = dict[str, dict[str, Spread]]
Values = dict[str, dict[str, "array[float]"]]


def measure(stage: Stage, answers: Mapping[str, "array[int]"]) -> tuple[Lengths, dict[str, Bars]]:
    """Lengths by what is measured and subset; histograms of scores.

    Completion tasks are made of rows that are counted already, so they are left out.

    Args:
        stage: The latest one that kept verified rows.
        answers: Tokens of models' answers by subset, as their servers counted them.

    Raises:
        RunDirectoryError: A file is missing or broken.
    """
    found: Values = {what: {} for what in COUNTED}
    scores: dict[str, array[float]] = {name: array("d") for name in SCORES}
    columns = ["id", "question_id", "subset", "question", "solution", "test", *SCORES]
    for batch in batches(stage.kept, columns):
        _add(batch, found, scores)
    lengths: Lengths = {what: _spreads(by) for what, by in found.items()}
    lengths["answer"] = _spreads(answers)
    quality = {
        name.partition(".")[0]: shape
        for name, values in scores.items()
        if (shape := bars(values, 0.0, HIGHEST.get(name, 1.0))) is not None
    }
    return lengths, quality


def _spreads(by: Mapping[str, Sequence[float]]) -> dict[str, Spread]:
    found = {subset: spread(values) for subset, values in by.items()}
    return {subset: told for subset, told in found.items() if told is not None}


def _add(batch: "pa.RecordBatch", found: Values, scores: dict[str, "array[float]"]) -> None:
    import pyarrow.compute as pc

    names = batch.schema.names
    if "question_id" in names:
        batch = batch.filter(pc.equal(batch["id"], batch["question_id"]))
    subsets: list[Any] = batch["subset"].to_pylist()
    for what, (column, pattern) in COUNTED.items():
        texts: Any = batch[column]
        counts = pc.count_substring_regex(texts, pattern=pattern).to_pylist()
        for subset, count in zip(subsets, counts, strict=True):
            found[what].setdefault(subset, array("d")).append(count)
    for name, values in scores.items():
        values.extend(_score(batch, name))


def _score(batch: "pa.RecordBatch", name: str) -> list[float]:
    import pyarrow.compute as pc

    column, _, inner = name.partition(".")
    if column not in batch.schema.names:
        return []
    values: Any = batch[column]
    if inner:
        values = pc.struct_field(values, inner)
    return [value for value in values.to_pylist() if value is not None]
