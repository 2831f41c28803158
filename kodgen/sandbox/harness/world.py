"""What an isolation level is to the rest of the harness: where runs are made and ended."""

from typing import Protocol

from .seccomp import Policy
from .settings import Layout

WITHIN, TOO_FULL, VANISHING = 0, 1, 2
"""How a run keeps to its share of space."""


class World(Protocol):
    """One isolation level, as one fork server gives it to its runs, one at a time."""

    layout: Layout
    policy: Policy
    """What the system call filter has to do here."""

    def furnish(self) -> None:
        """Before each run: make its folders, empty.

        Raises:
            OSError: The kernel refused a step; the message names it.
        """

    def place(self, files: dict[str, bytes]) -> None:
        """In the run, before `enter_run`: write its source files, for good.

        Not before: the fork server itself never reads them, so that no later run can find them
        in the memory it was forked with.

        Raises:
            OSError: The kernel refused a step; the message names it.
        """

    def enter_run(self) -> None:
        """In the run, before it gives up anything: take it out of the rest of the machine.

        Raises:
            OSError: The kernel refused.
        """

    def fullness(self) -> int:
        """Now and then in a run: `WITHIN` its share of space, `TOO_FULL`, or `VANISHING`.

        That is: space goes from the machine, and it can't be told whether by this run.
        """

    def members(self) -> list[int]:
        """Every process of the present run, its orphans among them."""

    def end_all(self) -> None:
        """Kill whatever a run left; all of it becomes a child of this process, to be reaped."""

    def close(self) -> None:
        """At the fork server's end."""
