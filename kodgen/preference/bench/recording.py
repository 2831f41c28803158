"""Runs tests against a solution to note the calls that they make, and nothing of what they say."""

import contextlib
import copy
import functools
import inspect
import itertools
import sys
import unittest
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

Call = tuple[str, list[Any], dict[str, Any]]
"""Name of a function, and what it is called with."""
MOST_NOTED = 2000
"""Calls that are noted at all; a test may make any number."""


def module_of(source: str, name: str) -> ModuleType:
    """A module of its own, made by running a source."""
    module = ModuleType(name)
    exec(compile(source, f"{name}.py", "exec"), module.__dict__)  # noqa: S102 - within the sandbox
    return module


def calls_of(
    solution: ModuleType, tests: str, names: list[str], limited: Callable[..., Any]
) -> list[Call]:
    """Every call of the named functions that returned, with its arguments as they were before.

    Args:
        solution: The module that tests import as `solution`.
        tests: Source of the test file. Its tests are called with their parameters; those that
            need fixtures are left out, and what any of them raises is of no matter.
        names: Functions whose calls are noted, or methods of classes that are made of nothing.
        limited: Calls a function with little time, and raises if it takes more.
    """
    noted: list[Call] = []
    facade = ModuleType("solution")
    facade.__dict__.update(vars(solution))
    for name in names:
        owner, _, last = name.rpartition(".")
        holder = _own_class(facade, owner) if owner else facade
        function = getattr(holder, last, None)
        if inspect.isfunction(function) and not inspect.iscoroutinefunction(function):
            setattr(holder, last, _noting(name, function, noted, bound=bool(owner)))
    before = sys.modules.get("solution")
    sys.modules["solution"] = facade
    try:
        with contextlib.suppress(BaseException):
            module = limited(module_of, tests, "noted_tests")
            for run in _runs(module):
                with contextlib.suppress(BaseException):
                    limited(run)
    finally:
        if before is None:
            del sys.modules["solution"]
        else:
            sys.modules["solution"] = before
    return noted


def _own_class(facade: ModuleType, name: str) -> Any:
    """A class of the facade that can be changed, and leaves the solution's as it is."""
    kind = getattr(facade, name, None)
    if inspect.isclass(kind) and kind.__module__ != __name__:
        setattr(facade, name, type(name, (kind,), {"__module__": __name__}))
    return getattr(facade, name, None)


def _noting(
    name: str, function: Callable[..., Any], noted: list[Call], *, bound: bool
) -> Callable[..., Any]:
    within = False

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        nonlocal within
        if within or len(noted) >= MOST_NOTED:
            return function(*args, **kwargs)
        given = copy.deepcopy((name, list(args[bound:]), kwargs))
        within = True
        try:
            result = function(*args, **kwargs)
        finally:
            within = False
        noted.append(given)
        return result

    return call


def _runs(module: ModuleType) -> Iterator[Callable[[], Any]]:
    """Each test with each of its parameters, ready to be called."""
    for name, value in list(vars(module).items()):
        if name.startswith("test") and inspect.isfunction(value):
            yield from _parametrized(value, value)
        elif inspect.isclass(value) and issubclass(value, unittest.TestCase):
            yield from (
                case.debug
                for case in unittest.defaultTestLoader.loadTestsFromTestCase(value)
                if isinstance(case, unittest.TestCase)
            )
        elif name.startswith("Test") and inspect.isclass(value):
            yield from _methods(value)


def _methods(kind: type) -> Iterator[Callable[[], Any]]:
    for name, function in inspect.getmembers(kind, inspect.isfunction):
        if name.startswith("test"):
            instance = kind()
            if hasattr(instance, "setup_method"):
                with contextlib.suppress(TypeError):
                    instance.setup_method()
            yield from _parametrized(getattr(instance, name), function)


def _parametrized(
    run: Callable[..., Any], marked: Callable[..., Any]
) -> Iterator[Callable[[], Any]]:
    marks = [mark for mark in getattr(marked, "pytestmark", ()) if mark.name == "parametrize"]
    choices = [list(_cases(mark)) for mark in marks]
    for chosen in itertools.product(*choices):
        given: dict[str, Any] = {}
        for case in chosen:
            given.update(case)
        yield functools.partial(run, **given)


def _cases(mark: Any) -> Iterator[dict[str, Any]]:
    names, values = mark.args[0], mark.args[1]
    if isinstance(names, str):
        names = [name.strip() for name in names.split(",") if name.strip()]
    for value in values:
        held = getattr(value, "values", value) if hasattr(value, "marks") else value
        if len(names) == 1 and not hasattr(value, "marks"):
            held = (held,)
        yield dict(zip(names, held, strict=False))
