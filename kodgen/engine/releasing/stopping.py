"""What stops a release: told with the rows and files that it lies in."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kodgen.engine.store.files import write_whole
from kodgen.errors import ReleaseStopped

NAMED = 5
"""Rows of a problem that are named on the screen; all of them are in the file."""


@dataclass(frozen=True, slots=True)
class Failed:
    """One check that did not hold."""

    check: str
    what: str
    """And what to do about it."""
    where: tuple[str, ...] = ()
    """Rows or files."""
    in_all: int = 0
    """Of which so many are not named; as many as are named if 0."""

    @property
    def count(self) -> int:
        """Rows or files that it lies in."""
        return max(self.in_all, len(self.where))

    def lines(self) -> list[str]:
        """For the screen."""
        lines = [f"{self.check}: {self.what}", *(f"    {place}" for place in self.where[:NAMED])]
        if self.count > NAMED:
            lines.append(f"    and {self.count - NAMED:,} more")
        return lines


def refuse(failed: Sequence[Failed], record: Path) -> None:
    """End the release if any check failed.

    Args:
        failed: Those that did.
        record: File to write them to in full; one of an earlier release goes.

    Raises:
        ReleaseStopped: One did.
    """
    record.unlink(missing_ok=True)
    if not failed:
        return
    told = [
        {"check": one.check, "what": one.what, "where": one.where, "in_all": one.count}
        for one in failed
    ]
    write_whole(record, json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    lines = [line for one in failed for line in one.lines()]
    raise ReleaseStopped(
        "\n".join(["the release is stopped; nothing was uploaded", *lines, f"in full: {record}"])
    )
