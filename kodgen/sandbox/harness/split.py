"""What a split run came to, and the two exceptions that end it from within a test.

A test may swallow them, so both are also noted in `state`.
"""

from typing import NoReturn

_LONGEST_REASON = 200


class Unportable(BaseException):
    """This pair can't be judged in two processes; says nothing of its worth."""

    def __init__(self, reason: str) -> None:
        state.unportable = state.unportable or reason[:_LONGEST_REASON]
        super().__init__(state.unportable)


class Broken(BaseException):
    """The solution's process is gone, or breaks the protocol: no pass can come of this run."""

    def __init__(self, reason: str) -> None:
        state.broken = state.broken or reason[:_LONGEST_REASON]
        super().__init__(state.broken)


class State:
    """What the run came to, besides the tests' outcomes."""

    def __init__(self) -> None:
        self.unportable = ""
        """Why the pair can't be judged so; empty if it can."""
        self.broken = ""
        """How the solution's process failed; empty if it did not."""
        self.calls = 0
        self.changed_arguments = 0
        """Calls that changed a value they were given."""


state = State()
"""Of this process; to be read after the run."""


def refuse(reason: str) -> NoReturn:
    """End the run as unportable."""
    raise Unportable(reason)


def give_up(reason: str) -> NoReturn:
    """End the run as broken."""
    raise Broken(reason)
