"""Which questions stand for which others that were dropped for them."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from kodgen.engine.reporting.attempting import EXCERPT, parsed
from kodgen.engine.reporting.files import numbers_of, rows, rows_at
from kodgen.engine.reporting.stages import Stage, subset_of
from kodgen.report.run.values import Cluster, Copy, Duplicates

CLUSTERS = 20
COPIES = 8
"""Of a cluster that are shown."""


def dropped_for(stage: Stage) -> Counter[str]:
    """How many were dropped for each question that was kept.

    Raises:
        RunDirectoryError: A file is missing or broken.
    """
    return Counter(kept for kept, _, _ in _dropped(stage, ["id", "reason", "evidence"]))


def read_duplicates(stage: Stage) -> Duplicates:
    """Of the stage that looks for them.

    Raises:
        RunDirectoryError: A file is missing or broken.
    """
    sizes = dropped_for(stage)
    ranked = sorted(sizes, key=lambda kept: (-sizes[kept], kept))[:CLUSTERS]
    copies: dict[str, list[Copy]] = {kept: [] for kept in ranked}
    for kept, row, evidence in _dropped(stage, ["id", "reason", "evidence", "row"]):
        shown = copies.get(kept)
        if shown is not None and len(shown) < COPIES:
            shown.append(
                Copy(
                    id=row["id"],
                    subset=subset_of(row["id"]),
                    reason=row["reason"],
                    score=evidence.get("score"),
                    text=str(parsed(row["row"]).get("text", ""))[:EXCERPT],
                )
            )
    numbers = {
        number: kept
        for kept, found in numbers_of(stage.kept, "id", set(ranked)).items()
        for number in found
    }
    texts = {numbers[n]: row["text"][:EXCERPT] for n, row in rows_at(stage.kept, numbers).items()}
    return Duplicates(
        sizes=Counter(sizes.values()),
        largest=tuple(
            Cluster(kept, texts.get(kept, ""), sizes[kept], tuple(copies[kept])) for kept in ranked
        ),
    )


def _dropped(
    stage: Stage, columns: list[str]
) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for row in rows(stage.rejected, columns):
        evidence = parsed(row["evidence"])
        kept = evidence.get("kept_id")
        if isinstance(kept, str):
            yield kept, row, evidence
