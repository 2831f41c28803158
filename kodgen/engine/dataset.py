"""Writes the dataset folder: one config per format, and the card that `load_dataset` reads."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from kodgen.engine.tables import ParquetSink
from kodgen.formats.base import Format, Trials
from kodgen.records import Triplet
from kodgen.stages.export import export_rows

FILE = "train-00000-of-00001.parquet"


def write_dataset(
    folder: Path, name: str, formats: Sequence[Format], triplets: Sequence[Triplet], trials: Trials
) -> None:
    """Write every format and the card; the folder opens with `datasets.load_dataset`.

    Raises:
        RunDirectoryError: The disk is full or the folder can't be written.
    """
    most_attempts = max(len(triplet.pass_sequence) for triplet in triplets)
    for form in formats:
        place = folder / form.config
        place.mkdir(parents=True, exist_ok=True)
        sink = ParquetSink(place / FILE, form.schema(most_attempts))
        for row in export_rows(form, triplets, trials, most_attempts):
            sink.add(row)
        sink.close()
    card = folder / "README.md"
    draft = folder / "README.md.draft"
    draft.write_text(_card(name, formats, triplets), encoding="utf-8")
    draft.replace(card)


def _card(name: str, formats: Sequence[Format], triplets: Sequence[Triplet]) -> str:
    import yaml

    head = {
        "pretty_name": name,
        "language": ["en"],
        "task_categories": ["text-generation"],
        "tags": ["code", "python", "synthetic", "unit-tests"],
        "configs": [
            {
                "config_name": form.config,
                "data_files": [{"split": "train", "path": f"{form.config}/train-*.parquet"}],
                **({"default": True} if form is formats[0] else {}),
            }
            for form in formats
        ],
    }
    licenses = sorted({license_ for triplet in triplets for license_ in triplet.licenses})
    lines = [
        "---",
        yaml.safe_dump(head, sort_keys=False).rstrip(),
        "---",
        "",
        f"# {name}",
        "",
        (
            f"{len(triplets)} synthetic coding questions, each with a solution and pytest tests "
            "that passed together in a sandbox."
        ),
        "",
        *(f"- `{form.config}`: {form.describe}" for form in formats),
        "",
        (
            f"Rows by subset: {_counts(triplet.subset for triplet in triplets)}. "
            f"By difficulty: {_counts(triplet.difficulty for triplet in triplets)}."
        ),
        "",
        f"Licences of the seeds behind these rows: {', '.join(licenses) or 'none (no seeds)'}.",
        "",
    ]
    return "\n".join(lines)


def _counts(values: Iterable[Any]) -> str:
    return ", ".join(f"{value} {count}" for value, count in sorted(Counter(values).items()))
