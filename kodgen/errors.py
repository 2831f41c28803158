"""The errors kodgen raises: few, typed, and each message says what to do.

Every class carries the exit code that the command line ends with, so that a script can tell a
wrong pipeline file from a server that is down.
"""

from typing import ClassVar


class KodgenError(Exception):
    """Base of every error kodgen raises on purpose."""

    exit_code: ClassVar[int] = 1


class ConfigError(KodgenError):
    """The pipeline file, an override or an option is wrong."""

    exit_code = 2


class InputError(KodgenError):
    """A file or dataset that was named can't be read, or holds nothing usable."""

    exit_code = 3


class RunDirectoryError(KodgenError):
    """The run directory belongs to another pipeline, is in use, or can't be written."""

    exit_code = 4


class IsolationError(KodgenError):
    """This machine can't give the isolation level that was asked for."""

    exit_code = 5


class LLMError(KodgenError):
    """Base of what a language model backend raises."""

    exit_code = 6


class LLMFault(LLMError):
    """The infrastructure failed (connection, timeout, 429, 5xx, a body that is not JSON).

    Worth another try; never counted as an attempt at the question.
    """

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        busy: bool = False,
        overload: bool = False,
        late: bool = False,
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        """Seconds the server asked to wait, or None if it did not say."""
        self.busy = busy
        """Whether it only asked for patience (a rate limit): says nothing of this request."""
        self.overload = overload
        """Whether it said that it has too much to do (429, 503): says nothing of this request."""
        self.late = late
        """Whether the deadline passed: the server has too much to do, or this request asks it."""


class LLMRefusal(LLMError):
    """This one request will never be answered (400, prompt too long)."""


class LLMUnanswered(LLMError):
    """This one request has no answer for now, though others have: its row stays open."""


class LLMMisconfigured(LLMError):
    """No request will ever be answered (wrong key, unknown model, wrong URL): stop the run."""


class SandboxFault(KodgenError):
    """The sandbox itself failed; says nothing about the code that was to be run."""

    exit_code = 7


class NothingKeptError(KodgenError):
    """The run finished, but not one row survived."""

    exit_code = 8


class LimitReached(KodgenError):
    """A limit that the user set (tokens, cost, hours) is reached; everything is kept."""

    exit_code = 9


class ContaminationFound(KodgenError):
    """An audit found rows that its user wants none of."""

    exit_code = 10


class HubError(KodgenError):
    """The dataset host would not take, or give, what was asked of it."""

    exit_code = 11


class HubRefused(HubError):
    """It never will as things are (token, rights, name, version): something must change first."""


class HubUnavailable(HubError):
    """It may later (rate limit, server down, connection lost): the same command goes on."""


class ReleaseStopped(KodgenError):
    """A check of a release did not hold; nothing was uploaded."""

    exit_code = 12


class Interrupted(KodgenError):
    """The user asked the run to stop; everything is kept."""

    exit_code = 130


class StoppedEarly(KodgenError):
    """Raised inside a row that would begin something new as the run is to end; it stays open."""
