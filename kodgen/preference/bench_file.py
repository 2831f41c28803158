"""Writes the test files of timing runs: everything that they need is in them."""

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from kodgen.records import Triplet
from kodgen.sandbox.testfile import LONGEST_SOURCE

_MODULES = ("growing", "recording", "running")

_HEAD = """\
from pathlib import Path
from types import ModuleType

import pytest

import solution


def _module(name, source):
    module = ModuleType(name)
    exec(compile(source, name, "exec"), module.__dict__)
    return module


"""
_PROBE = """\
UNITS = BENCH.ladder()


@pytest.fixture
def job(request):
    job = BENCH.probe(request.param)
    trusted = job.seconds
    yield job
    job.check()
    BENCH.passed(request.param, job, trusted)


@pytest.mark.parametrize("job", UNITS, ids=UNITS, indirect=True)
def test_unit(job):
    running.limited(job.run)
"""
_TIMED = """\
@pytest.fixture
def job(request):
    return BENCH.timed(*request.param)


@pytest.mark.parametrize("job", UNITS, ids=[unit for unit, _ in UNITS], indirect=True)
def test_unit(job):
    job.run()
"""


def probing_file(triplet: Triplet) -> str | None:
    """A test file that tells which units a solution does as the triplet's does, and how fast.

    Returns:
        Its source; None where the triplet's own sources are too long for a test file.
    """
    return _within(_HEAD + _setup(triplet) + _PROBE)


def timing_file(triplet: Triplet, units: Sequence[tuple[str, int]]) -> str | None:
    """A test file that has a solution do some units, each so many times; None likewise."""
    return _within(f"{_HEAD}{_setup(triplet)}UNITS = {list(units)!r}\n\n\n{_TIMED}")


def unit_of(test: str) -> str:
    """The unit that a test of such a file is of, by its name; empty if of none."""
    return test.removeprefix("test_unit[").removesuffix("]") if "[" in test else ""


def _setup(triplet: Triplet) -> str:
    lines = [f"{name} = _module({name!r}, {_source(name)!r})" for name in _MODULES]
    names = [info.function_name for info in triplet.test_info]
    given = f"{triplet.solution!r}, {triplet.test!r}, {names!r}"
    own = 'Path(solution.__file__).read_text(encoding="utf-8")'
    lines.append(f"BENCH = running.Bench(growing, recording, {given}, {own})")
    return "\n".join(lines) + "\n"


def _within(source: str) -> str | None:
    return source if len(source) <= LONGEST_SOURCE else None


@lru_cache(maxsize=len(_MODULES))
def _source(name: str) -> str:
    return files("kodgen.preference.bench").joinpath(f"{name}.py").read_text(encoding="utf-8")
