"""The Python that trials run under: which one it is, whether it will do, and what is installed."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kodgen.errors import ConfigError
from kodgen.records import content_hash
from kodgen.sandbox import reach
from kodgen.sandbox.environ import ENVIRONMENT

OLDEST = (3, 11)
"""First Python with `-P`, which keeps the harness's own folder off the trials' path."""
NEEDED: Mapping[str, tuple[int, ...]] = {"pytest": (8, 3), "coverage": (7, 6)}
"""What the harness imports, and the oldest versions it was tested with."""
_ANSWER_SECONDS = 60
"""For an interpreter to describe itself; one on a cold network file system takes its time."""
_MOST_SAID = 300
_SCRIPT = Path(__file__).resolve().parent / "harness" / "surroundings.py"


@dataclass(frozen=True, slots=True)
class Environment:
    """What trials ran on, apart from where it lies: equal on two machines set up alike."""

    digest: str
    details: Mapping[str, Any]
    """`python` (version), `implementation`, `machine`, `packages` (version by name, sorted)."""

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> "Environment":
        """From what an interpreter said of itself."""
        details = {key: found[key] for key in ("python", "implementation", "machine", "packages")}
        return cls(content_hash(json.dumps(details, sort_keys=True)), details)

    def as_dict(self) -> dict[str, Any]:
        """For a file."""
        return {"digest": self.digest, **self.details}

    def __str__(self) -> str:
        details = self.details
        return (
            f"{details['implementation']} {details['python']} on {details['machine']}, "
            f"{len(details['packages'])} packages, digest {self.digest}"
        )


@dataclass(frozen=True, slots=True)
class Interpreter:
    """An interpreter that was asked and will do."""

    executable: str
    shown: tuple[str, ...]
    """Files and folders beyond the system's and its own prefixes that its packages lie in."""
    environment: Environment


def examine(python: Path | None) -> Interpreter:
    """Run an interpreter once and see whether trials can run under it.

    Args:
        python: The interpreter or the folder of its virtual environment; kodgen's own if None.

    Raises:
        ConfigError: It is not there, does not run, is too old, or lacks pytest or coverage.
    """
    executable = _executable(python)
    found = _ask(executable)
    _check(executable, found)
    if os.geteuid() == 0:
        reach.require_readable(found["path"])
    return Interpreter(
        executable=found["executable"] or executable,
        shown=reach.shown(found["path"], found["prefixes"], found["editable"]),
        environment=Environment.of(found),
    )


def _executable(python: Path | None) -> str:
    """The file to run; links are kept, since a virtual environment is told by its link.

    Raises:
        ConfigError: There is none.
    """
    if python is None:
        return sys.executable
    place = Path(os.path.abspath(python.expanduser()))  # noqa: PTH100 - resolve() follows links
    if place.is_dir():
        folder, place = place, place / "bin" / "python"
        if not os.path.lexists(place):
            raise ConfigError(
                f"sandbox.python: {folder} is a folder without bin/python; name an interpreter, or "
                f"make it a virtual environment with `python3 -m venv {folder}` and "
                f"`{place} -m pip install pytest coverage`"
            )
    if place.is_symlink() and not place.exists():
        raise ConfigError(
            f"sandbox.python: {place} is a link to {place.readlink()}, which is gone; make the "
            "virtual environment anew, or name another interpreter"
        )
    if not place.is_file():
        raise ConfigError(
            f"sandbox.python: {place} does not exist; name an interpreter or the folder of a "
            "virtual environment"
        )
    if not os.access(place, os.X_OK):
        raise ConfigError(
            f"sandbox.python: {place} may not be executed; name an interpreter or the folder of a "
            "virtual environment"
        )
    return str(place)


def _ask(executable: str) -> dict[str, Any]:
    done = _run(executable)
    if done.returncode < 0:
        # Killed from outside, for all we know: that says nothing of the interpreter.
        done = _run(executable)
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        said = done.stderr.decode(errors="replace").strip()[-_MOST_SAID:] or "nothing"
        raise ConfigError(
            f"sandbox.python: {executable} is no Python {_version(OLDEST)} or later that works: it "
            f"ended with status {done.returncode} and said {said!r}; "
            "name another"
        ) from error
    return found


def _run(executable: str) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(  # noqa: S603 - the user's own choice
            [executable, "-I", str(_SCRIPT)],
            env=dict(ENVIRONMENT),
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_ANSWER_SECONDS,
            check=False,
        )
    except OSError as error:
        raise ConfigError(
            f"sandbox.python: {executable} does not run ({error.strerror}); name an interpreter "
            "for this machine"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise ConfigError(
            f"sandbox.python: {executable} said nothing for {_ANSWER_SECONDS} s; name a Python "
            "interpreter"
        ) from error


def _check(executable: str, found: Mapping[str, Any]) -> None:
    """See whether trials can run under what an interpreter said of itself.

    Raises:
        ConfigError: They can't; the message says what to do.
    """
    if tuple(found["version"]) < OLDEST:
        raise ConfigError(
            f"sandbox.python: {executable} is Python {found['python']}; trials need "
            f"{_version(OLDEST)} or later"
        )
    if found["implementation"] != "cpython":
        raise ConfigError(
            f"sandbox.python: {executable} is {found['implementation']}; trials need CPython"
        )
    if found["lacks"]:
        raise ConfigError(
            f"sandbox.python: {executable} lacks {' and '.join(found['lacks'])}, which trials "
            f"need; run `{executable} -m pip install pytest coverage`"
        )
    for name, oldest in NEEDED.items():
        version = found["packages"].get(name)
        if version is not None and _numbers(version) < oldest:
            raise ConfigError(
                f"sandbox.python: {executable} has {name} {version}; trials need "
                f"{_version(oldest)} or later; run `{executable} -m pip install -U pytest coverage`"
            )


def _version(numbers: Sequence[int]) -> str:
    return ".".join(map(str, numbers))


def _numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version."""
    numbers = []
    for part in version.split("."):
        if not part.isdigit():
            break
        numbers.append(int(part))
    return tuple(numbers)
