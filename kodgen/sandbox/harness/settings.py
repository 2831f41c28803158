"""What a fork server is told at its start, and where a trial's folders are."""

from dataclasses import dataclass, field
from typing import Any

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of a trial, as the trial sees them."""

    source: str
    """Holds solution.py and test_solution.py."""
    work: str
    """The working directory and home."""
    tmp: str


ISOLATED = Layout(source="/sandbox/source", work="/sandbox/work", tmp="/tmp")  # noqa: S108 - private to a trial


@dataclass(frozen=True, slots=True)
class Settings:
    """How every trial of one fork server is run."""

    level: str
    """`namespaces`, `container` or `rlimits`."""
    uid: int | None
    """User to become for a trial; None to stay the same."""
    cpu_seconds: int
    wall_seconds: int
    memory_bytes: int
    scratch_bytes: int
    processes: int
    """Processes and threads of a run."""
    shared_processes: bool
    """Their limit is that of all of the user's together: the others' number comes on top."""
    open_files: int
    coverage: bool
    allow_exec: bool
    preload: list[str]
    """Modules to import before any trial."""
    shown: list[str]
    """Files and folders, beyond the system's and the interpreter's, that its packages lie in."""
    cgroup: list[int]
    """Open files of the slot's group; see `group`."""

    @classmethod
    def read(cls, given: dict[str, Any]) -> "Settings":
        """From the JSON object of the command line.

        Raises:
            TypeError: A setting is missing or unknown: supervisor and harness differ in version.
        """
        return cls(**given)


@dataclass(frozen=True, slots=True)
class Order:
    """One run that the supervisor asks for."""

    kinds: list[str]
    """What to do in it, one after another: `tests`, `control`, `stub_raise`, `stub_none`, `split`.

    Each collects and runs the tests anew. What runs a solution comes last, or alone.
    """
    nonce: str
    """Goes before each message of the run's report."""
    coverage: bool = False
    """Measure the statements of the solution that run."""
    cpu_seconds: int = 0
    """CPU time it may use, where that is less than the settings allow; 0 if not."""
    names: list[str] = field(default_factory=list)
    """In a split run: what `from solution import *` gives."""
    random_seed: int = 0
    reorder: int = 0
    """0: tests in the file's order; 1: reversed; more: shuffled, with this as the seed."""
    hurried: bool = False
    """Under a clock that runs ten times faster, as a machine with too much to do would show."""
