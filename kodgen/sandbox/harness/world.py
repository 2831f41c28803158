"""What an isolation level is to the rest of the harness: where trials are born, run and end."""

from typing import Protocol

from .settings import Layout


class World(Protocol):
    """One isolation level, as one fork server gives it to its trials, one at a time.

    A trial's init is forked by `fork`, and furnishes the world anew for each of its runs, so that
    no run finds anything of the one before.
    """

    layout: Layout

    def fork(self) -> int:
        """In the fork server: fork a trial's init; 0 in the child.

        Raises:
            OSError: There is no process, or no namespace, to be had.
        """

    def enter_init(self) -> None:
        """In an init, once."""

    def furnish(self, files: dict[str, str]) -> None:
        """In an init, before each run: make its folders, empty, and write its source files.

        Raises:
            OSError: The kernel refused a step; the message names it.
        """

    def members(self) -> list[int]:
        """In an init: every process of the present run, its orphans among them."""

    def end_all(self) -> None:
        """In an init: kill and reap whatever a run left."""

    def after_trial(self) -> None:
        """In the fork server: clear up after an init that is gone."""

    def close(self) -> None:
        """In the fork server, at its end."""
