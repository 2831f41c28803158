"""What became of answers in full, and by what pairs were chosen."""

from collections import Counter

from kodgen.engine.reporting.files import rows
from kodgen.engine.reporting.stages import Stage, subset_of

KEPT = "kept"


def read_answers(stage: Stage) -> dict[str, Counter[str]]:
    """Answers by `kept` or the reason they were turned away for; by subset.

    Raises:
        RunDirectoryError: A file is missing or broken.
    """
    found: dict[str, Counter[str]] = {}
    for row in rows(stage.kept, ["subset"]):
        found.setdefault(KEPT, Counter())[row["subset"]] += 1
    for row in rows(stage.rejected, ["id", "reason"]):
        found.setdefault(row["reason"], Counter())[subset_of(row["id"])] += 1
    return found


def read_pairs(stage: Stage) -> dict[str, Counter[str]]:
    """Pairs by criterion; by subset.

    Raises:
        RunDirectoryError: A file is missing or broken.
    """
    found: dict[str, Counter[str]] = {}
    for row in rows(stage.kept, ["criterion", "subset"]):
        found.setdefault(row["criterion"], Counter())[row["subset"]] += 1
    return found
