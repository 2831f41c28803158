"""What an isolation level is to the rest of the harness: where runs are made and ended."""

from typing import Protocol

from .settings import Layout


class World(Protocol):
    """One isolation level, as one fork server gives it to its runs, one at a time."""

    layout: Layout

    def furnish(self, files: dict[str, str]) -> None:
        """Before each run: make its folders, empty, and write its source files.

        Raises:
            OSError: The kernel refused a step; the message names it.
        """

    def members(self) -> list[int]:
        """Every process of the present run, its orphans among them."""

    def end_all(self) -> None:
        """Kill whatever a run left; all of it becomes a child of this process, to be reaped."""

    def close(self) -> None:
        """At the fork server's end."""
