"""The card of a dataset folder, which `load_dataset` reads its configs from."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from kodgen.formats.base import Format, Written
from kodgen.records import Triplet


class Summary:
    """What the card says of the rows."""

    def __init__(self) -> None:
        self.most_attempts = 0
        self.subsets: Counter[str] = Counter()
        self.difficulties: Counter[str] = Counter()
        self.licenses: set[str] = set()

    def add(self, triplet: Triplet) -> None:
        """Count one triplet."""
        self.most_attempts = max(self.most_attempts, len(triplet.pass_sequence))
        self.subsets[triplet.subset] += 1
        self.difficulties[triplet.difficulty] += 1
        self.licenses.update(triplet.licenses)


def card(
    name: str, formats: Sequence[Format[Any]], written: Mapping[str, Written], summary: Summary
) -> str:
    """The card as Markdown; configs without any row are left out, since they can't be loaded."""
    import yaml

    shown = [form for form in formats if written[form.config].rows]
    head = {
        "pretty_name": name,
        "task_categories": ["text-generation"],
        "tags": ["code", "python", "synthetic", "unit-tests"],
        "configs": [
            {
                "config_name": form.config,
                "data_files": [
                    {"split": split, "path": f"{form.config}/{split}-*.parquet"}
                    for split in written[form.config].files
                ],
                **({"default": True} if form is shown[0] else {}),
            }
            for form in shown
        ],
    }
    lines = [
        "---",
        yaml.safe_dump(head, sort_keys=False).rstrip(),
        "---",
        "",
        f"# {name}",
        "",
        (
            f"{summary.subsets.total()} synthetic coding questions, each with a solution and "
            "pytest tests that passed together in a sandbox."
        ),
        "",
        *(
            f"- `{form.config}`: {form.describe} {_counts(written[form.config].rows)} rows."
            for form in shown
        ),
        "",
        (
            f"Rows by subset: {_counts(summary.subsets)}. "
            f"By difficulty: {_counts(summary.difficulties)}."
        ),
        "",
        (
            "Licences of the seeds behind these rows: "
            f"{', '.join(sorted(summary.licenses)) or 'none (no seeds)'}."
        ),
        "",
    ]
    return "\n".join(lines)


def _counts(values: Mapping[str, int]) -> str:
    return ", ".join(f"{value} {count}" for value, count in sorted(values.items()))
