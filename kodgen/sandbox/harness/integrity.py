"""Tells what untrusted code changed in the interpreter, in pytest and in this harness.

Before the fork, a snapshot is taken of what decides a test: builtins, pytest's runner, reports,
raises, approx, pluggy, unittest's asserts, math, operator. After the tests, whatever is no longer
the same object, or has other code in it, is named.

Two things are let be, because honest and careless code does them: `input`, `print` and `open`
replaced for good, and names added, unless an added name hides another. Modules whose content is
data are not looked into. What code reaches through ctypes, and a snapshot that is itself found
and changed, are beyond this check; the control run is not.
"""

import builtins
import gc
import importlib
import re
import sys
import types
from collections.abc import Iterator, Mapping
from operator import attrgetter, is_, itemgetter
from typing import Any, NamedTuple

import pytest

from .footprint import Dicts, Functions, readable

_WHOLE = (
    "_pytest._code.code",
    "_pytest.approx",
    "_pytest.fixtures",
    "_pytest.main",
    "_pytest.nodes",
    "_pytest.outcomes",
    "_pytest.python",
    "_pytest.python_api",
    "_pytest.raises",
    "_pytest.recwarn",
    "_pytest.reports",
    "_pytest.runner",
    "_pytest.skipping",
    "_pytest.subtests",
    "_pytest.unittest",
    "json",
    "json.encoder",
    "math",
    "operator",
    "pluggy._callers",
    "pluggy._hooks",
    "pluggy._manager",
    "pluggy._result",
    "pytest",
    "unittest",
    "unittest.case",
    f"{__package__}.channel",
    f"{__package__}.reporter",
    f"{__package__}.session",
)
"""Modules of which every function, class and method is watched; a pytest may lack some."""

_PARTS = {
    "numpy": ("all", "allclose", "any", "array_equal", "array_equiv", "isclose"),
    "numpy.testing": ("assert_allclose", "assert_almost_equal", "assert_array_equal"),
    "pandas.testing": ("assert_frame_equal", "assert_series_equal", "assert_index_equal"),
    "time": ("monotonic", "perf_counter", "process_time", "time", "time_ns", "perf_counter_ns"),
}
"""Modules of which only these are watched, where they are imported before the fork."""

_IMPORTED = ("builtins", "json", "math", "operator", "pytest", "time", "unittest")
"""Modules that tests import, and that must be what they were."""

_DECISIVE_HOOKS = re.compile("runtest|collect|pyfunc|generate_tests|parametrize|fixture")
"""In the names of pytest's hooks."""

_SLOPPY = {"_", "breakpoint", "copyright", "credits", "exit", "help", "input", "license", "open"}
_SLOPPY |= {"print", "quit"}
"""Builtins that code replaces without deciding a test by it."""
_LIBRARIES = {"typing", "typing_extensions", "collections.abc", "_collections_abc", "abc"}
"""Where pytest's annotations come from: of no weight, and many."""

# Bound now: when these are called, builtins may be the solution's.
_all, _map, _len, _zip = all, map, len, zip
_is, _LookupError = is_, LookupError
_NOTHING: frozenset[str] = frozenset()
_body_of = attrgetter("__code__", "__defaults__", "__kwdefaults__")


class _Space(NamedTuple):
    """Names in one namespace and the objects they had."""

    label: str
    content: Mapping[str, Any]
    names: tuple[str, ...]
    values: tuple[Any, ...]
    get: "itemgetter[Any]"
    """Of all names at once: what the module spends its time in is C."""
    known: frozenset[str]
    """Every name there was, watched or not."""
    hideable: frozenset[str] | None
    """Names that, if added, hide another; None if no name may be added."""
    of_code: bool
    """Of a module or class: to be read without touching what is in it."""


class _Sequence(NamedTuple):
    """A list that must hold the same objects."""

    label: str
    content: list[Any]
    values: tuple[Any, ...]


class _Object(NamedTuple):
    """An object of which no instance attribute may hide a method."""

    label: str
    content: Mapping[str, Any]
    hideable: frozenset[str]


class Snapshot:
    """What decides a test, as it was when this was made: before any untrusted code."""

    def __init__(self) -> None:
        self._functions: dict[int, tuple[str, types.FunctionType]] = {}
        self._spaces: list[_Space] = []
        self._sequences: list[_Sequence] = []
        self._objects: list[_Object] = []
        self._quick = readable()
        everyday = frozenset(vars(builtins))
        modules = [module for name in _WHOLE if (module := _imported(name)) is not None]
        names = [name for name in vars(builtins) if name not in _SLOPPY]
        self._add("builtins", vars(builtins), names, _NOTHING, of_code=True)
        for module in modules:
            decisive = [name for name, value in vars(module).items() if _decides(value)]
            self._add(module.__name__, vars(module), decisive, everyday, of_code=True)
            for kind in {id(v): v for v in vars(module).values() if isinstance(v, type)}.values():
                if kind.__module__ == module.__name__:
                    self._add_class(kind)
        for name, parts in _PARTS.items():
            if name in sys.modules:
                content = vars(sys.modules[name])
                there = [part for part in parts if part in content]
                self._add(name, content, there, _NOTHING, of_code=True)
        imported = [name for name in _IMPORTED if name in sys.modules]
        self._add("sys.modules", sys.modules, imported, _NOTHING)
        self._seal()

    def watch(self, config: pytest.Config) -> None:
        """Add a live pytest: its plugins, and what each hook calls."""
        manager, hook = config.pluginmanager, config.hook
        plugins = manager._name2plugin  # noqa: SLF001 - the public list is made anew each time
        callers = {name: one for name, one in vars(hook).items() if _DECISIVE_HOOKS.search(name)}
        self._add("plugins", plugins, list(plugins), None, of_code=True)
        self._add("hooks", vars(hook), list(callers), _NOTHING)
        self._add("pluginmanager", vars(manager), ["_inner_hookexec"], _NOTHING)
        for name, caller in callers.items():
            implementations = getattr(caller, "_hookimpls", None)
            if isinstance(implementations, list) and implementations:
                self._sequences.append(
                    _Sequence(f"hooks.{name}", implementations, tuple(implementations))
                )
                for each in implementations:
                    self._add_function(f"hooks.{name}", each.function)
        live = {"config": config, "pluginmanager": manager, "hooks": hook, **plugins}
        for name, value in live.items():
            content = getattr(value, "__dict__", None)
            if content is not None and not isinstance(value, types.ModuleType | type):
                hideable = _methods(type(value)) - content.keys()
                self._objects.append(_Object(str(name), content, frozenset(hideable)))
        self._seal()

    def _add_class(self, kind: type) -> None:
        label = f"{kind.__module__}.{kind.__qualname__}"
        names = [name for name, value in vars(kind).items() if _decides(value)]
        self._add(label, vars(kind), names, _methods(kind), of_code=True)

    def _add(
        self,
        label: str,
        content: Mapping[str, Any],
        names: list[str],
        hideable: frozenset[str] | None,
        *,
        of_code: bool = False,
    ) -> None:
        """Watch names of a namespace."""
        for name in names:
            self._add_function(f"{label}.{name}", content[name])
        if not names:
            return
        # With less than two names, itemgetter gives no tuple.
        watched = tuple(names) if len(names) > 1 else (names[0], names[0])
        get: itemgetter[Any] = itemgetter(*watched)
        known = frozenset(content)
        self._spaces.append(
            _Space(label, content, watched, get(content), get, known, hideable, of_code)
        )

    def _add_function(self, label: str, value: object) -> None:
        for function in _functions(value):
            self._functions.setdefault(id(function), (label, function))

    def _seal(self) -> None:
        """Lay the snapshot out so that a fork can read it and touch little."""
        self._labels = tuple(label for label, _ in self._functions.values())
        self._called = tuple(function for _, function in self._functions.values())
        self._bodies = tuple(map(_body_of, self._called))
        far = [space for space in self._spaces if space.of_code and self._quick]
        self._near = tuple(space for space in self._spaces if space not in far)
        self._far = tuple(far)
        self._dicts = Dicts([_dict_of(space.content) for space in far])
        self._code = Functions(self._called) if self._quick else None

    def changed(self) -> list[str]:
        """Names of what is not as it was; empty if all is."""
        found: list[str] = []
        for space in self._near:
            found += _differences(space)
        for number in self._dicts.differing():
            found += _differences(self._far[number])
        for label, current, values in self._sequences:
            if _len(current) != _len(values) or not _all(_map(_is, current, values)):
                found.append(label)
        for label, content, hideable in self._objects:
            if not hideable.isdisjoint(content):
                found.append(label)
        if self._code is not None:
            return found + [f"{self._labels[number]}()" for number in self._code.differing()]
        for label, function, body in _zip(self._labels, self._called, self._bodies):
            if not _all(_map(_is, _body_of(function), body)):
                found.append(f"{label}()")
        return found


def _differences(space: _Space) -> list[str]:
    content = space.content
    try:
        found = [
            f"{space.label}.{name}"
            for name, value, now in _zip(space.names, space.values, space.get(content))
            if now is not value
        ]
    except _LookupError:
        found = [f"{space.label}.{name}" for name in space.names if name not in content]
    known, hideable = space.known, space.hideable
    if hideable != _NOTHING and _len(content) != _len(known):
        added = [name for name in content if name not in known]
        found += [f"{space.label}.{n}" for n in added if hideable is None or n in hideable]
    return found


def _dict_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """A namespace's dict, which a class shows through a proxy only."""
    if isinstance(content, dict):
        return content
    (inner,) = gc.get_referents(content)
    assert isinstance(inner, dict)
    return inner


def _imported(name: str) -> types.ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _decides(value: object) -> bool:
    """Whether it is code: a function, class, descriptor or module, not data."""
    if getattr(value, "__module__", None) in _LIBRARIES:
        return False
    described = hasattr(type(value), "__get__")
    return callable(value) or described or isinstance(value, types.ModuleType)


def _methods(kind: type) -> frozenset[str]:
    """Names of all methods of a class, inherited ones too."""
    return frozenset(
        name for base in kind.__mro__ for name, value in vars(base).items() if callable(value)
    )


def _functions(value: object) -> Iterator[types.FunctionType]:
    """The Python functions behind a function, method, class method, property or wrapper."""
    pending, seen = [value], 0
    while pending and seen < 10:
        one = pending.pop()
        seen += 1
        if isinstance(one, types.FunctionType):
            yield one
        for part in ("__func__", "__wrapped__", "fget", "fset"):
            inner = getattr(one, part, None) if not isinstance(one, type) else None
            if inner is not None:
                pending.append(inner)
