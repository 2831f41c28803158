"""The card: YAML that `load_dataset` and the Hub read, then what people read."""

from collections.abc import Iterator, Mapping
from typing import Any

from kodgen.hub.datasheet import datasheet
from kodgen.hub.facts import Config, Facts
from kodgen.hub.telling import counts, number, table

SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)
"""The Hub's categories of size that a run can reach."""


def card(facts: Facts, changes: str = "") -> str:
    """README.md.

    Args:
        facts: What is released.
        changes: What changed since earlier versions, as Markdown; empty for the first.
    """
    import yaml

    head = yaml.safe_dump(_head(facts), sort_keys=False, allow_unicode=True, width=1000)
    return "\n".join(["---", head.rstrip(), "---", "", *_body(facts, changes)]) + "\n"


def size_category(rows: int) -> str:
    """The Hub's name for a number of rows."""
    return next((name for most, name in SIZES if rows < most), "10M<n<100M")


def _head(facts: Facts) -> dict[str, Any]:
    return {
        "language": list(facts.says.languages),
        **_licence(facts),
        "pretty_name": facts.name,
        "size_categories": [size_category(facts.rows)],
        "task_categories": ["text-generation"],
        "tags": ["code", "python", "synthetic", "unit-tests", "contamination-audited", "kodgen"],
        "source_datasets": ["original"],
        "annotations_creators": ["machine-generated"],
        "language_creators": ["machine-generated"],
        "configs": [
            {
                "config_name": config.name,
                "data_files": [
                    {"split": split.name, "path": config.pattern(split.name)}
                    for split in config.splits
                ],
                **({"default": True} if config is facts.configs[0] else {}),
            }
            for config in facts.configs
        ],
        "dataset_info": [_info(config) for config in facts.configs],
    }


def _licence(facts: Facts) -> dict[str, str]:
    if facts.license.hub is not None:
        return {"license": facts.license.hub}
    return {
        "license": "other",
        "license_name": facts.license.id.lower(),
        "license_link": "LICENSE",
    }


def _info(config: Config) -> dict[str, Any]:
    return {
        "config_name": config.name,
        "features": [dict(one) for one in config.features],
        "splits": [
            {"name": split.name, "num_bytes": split.bytes, "num_examples": split.rows}
            for split in config.splits
        ],
        "download_size": sum(split.file_bytes for split in config.splits),
        "dataset_size": sum(split.bytes for split in config.splits),
    }


def _body(facts: Facts, changes: str) -> Iterator[str]:
    yield f"# {facts.name}"
    yield ""
    yield (
        f"{number(facts.questions)} synthetic coding tasks in Python, each with a solution and "
        "pytest tests that passed together in a sandbox. Version "
        f"{facts.version}, licence {facts.license.id}."
    )
    yield ""
    yield from _loading(facts)
    yield from _contents(facts)
    yield from datasheet(facts)
    if changes:
        yield from ("## Changes", "", changes.strip(), "")


def _loading(facts: Facts) -> Iterator[str]:
    first = facts.configs[0]
    yield from (
        "```python",
        "from datasets import load_dataset",
        "",
        (
            f'rows = load_dataset("{facts.repo}", "{first.name}", '
            f'split="{first.splits[0].name}", revision="{facts.version}")'
        ),
        "```",
        "",
    )


def _contents(facts: Facts) -> Iterator[str]:
    rows = [
        [f"`{config.name}`", counts({split.name: split.rows for split in config.splits}), about]
        for config in facts.configs
        for about in (config.describe,)
    ]
    yield from table(["config", "rows", "what it is"], rows)
    beside: Mapping[str, str] = {
        "`audit/`": "what the contamination audit of these very files found",
        "`dedup/clusters.parquet`": "which questions were dropped as copies, and of which",
        "`provenance/`": "the pipeline, its prompts, ids with content hashes, SHA-256 of all files",
        "`croissant.json`": "machine-readable description (Croissant 1.1, with RAI fields)",
    }
    yield from (f"- {place}: {what}." for place, what in beside.items())
    yield ""
