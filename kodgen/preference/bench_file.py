"""Writes the test files of timing runs: everything that they need is in them."""

import ast
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from kodgen.parse.python import python_tree
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


def names_timed(triplet: Triplet) -> list[str]:
    """What is called: functions that the tests use, or else methods, as in `Solution.add`.

    A class counts if nothing has to be known to make one of it: then each call stands for itself.
    """
    if triplet.test_info:
        return [info.function_name for info in triplet.test_info]
    tree = python_tree(triplet.solution)
    kinds = [node for node in tree.body if isinstance(node, ast.ClassDef)] if tree else []
    return [
        f"{kind.name}.{method.name}"
        for kind in kinds
        if not kind.bases and not _is_made_of_something(kind)
        for method in kind.body
        if isinstance(method, ast.FunctionDef) and not method.decorator_list
        if not method.name.startswith("_")
    ]


def unit_of(test: str) -> str:
    """The unit that a test of such a file is of, by its name; empty if of none."""
    return test.removeprefix("test_unit[").removesuffix("]") if "[" in test else ""


def _setup(triplet: Triplet) -> str:
    lines = [f"{name} = _module({name!r}, {_source(name)!r})" for name in _MODULES]
    given = f"{triplet.solution!r}, {triplet.test!r}, {names_timed(triplet)!r}"
    own = 'Path(solution.__file__).read_text(encoding="utf-8")'
    lines.append(f"BENCH = running.Bench(growing, recording, {given}, {own})")
    return "\n".join(lines) + "\n"


def _is_made_of_something(kind: ast.ClassDef) -> bool:
    methods = [node for node in kind.body if isinstance(node, ast.FunctionDef)]
    return bool(kind.decorator_list) or any(
        node.name in {"__init__", "__new__"} for node in methods
    )


def _within(source: str) -> str | None:
    return source if len(source) <= LONGEST_SOURCE else None


@lru_cache(maxsize=len(_MODULES))
def _source(name: str) -> str:
    return files("kodgen.preference.bench").joinpath(f"{name}.py").read_text(encoding="utf-8")
