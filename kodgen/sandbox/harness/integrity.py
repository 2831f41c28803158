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
import importlib
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter, is_, itemgetter
from typing import Any, NamedTuple

import pytest

_WHOLE = (
    "_pytest._code.code",
    "_pytest.approx",
    "_pytest.assertion",
    "_pytest.compat",
    "_pytest.config",
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

_SLOPPY = {"_", "breakpoint", "copyright", "credits", "exit", "help", "input", "license", "open"}
_SLOPPY |= {"print", "quit"}
"""Builtins that code replaces without deciding a test by it."""
_LIBRARIES = {"typing", "typing_extensions", "collections.abc", "_collections_abc", "abc"}
"""Where pytest's annotations come from: of no weight, and many."""

_code_of = attrgetter("__code__")
_defaults_of = attrgetter("__defaults__")


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
    hideable: frozenset[str]
    """Names that, if added, hide another."""


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
        everyday = frozenset(vars(builtins))
        modules = [module for name in _WHOLE if (module := _imported(name)) is not None]
        names = [name for name in vars(builtins) if name not in _SLOPPY]
        self._add("builtins", vars(builtins), names, frozenset())
        for module in modules:
            decisive = [name for name, value in vars(module).items() if _decides(value)]
            self._add(module.__name__, vars(module), decisive, everyday)
            for kind in {id(v): v for v in vars(module).values() if isinstance(v, type)}.values():
                if kind.__module__ == module.__name__:
                    self._add_class(kind)
        for name, parts in _PARTS.items():
            if name in sys.modules:
                content = vars(sys.modules[name])
                self._add(name, content, [part for part in parts if part in content], frozenset())
        self._add("sys.modules", sys.modules, [m.__name__ for m in modules], frozenset())
        self._seal()

    def watch(self, config: pytest.Config) -> None:
        """Add a live pytest: its plugins, and what each hook calls."""
        manager, hook = config.pluginmanager, config.hook
        plugins = manager._name2plugin  # noqa: SLF001 - the public list is made anew each time
        self._add("plugins", plugins, list(plugins), frozenset(), closed=True)
        self._add("hooks", vars(hook), list(vars(hook)), frozenset())
        self._add("pluginmanager", vars(manager), ["_inner_hookexec"], frozenset())
        for name, caller in vars(hook).items():
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
        self._add(label, vars(kind), names, _methods(kind))

    def _add(
        self,
        label: str,
        content: Mapping[str, Any],
        names: list[str],
        hideable: frozenset[str],
        *,
        closed: bool = False,
    ) -> None:
        """Watch names of a namespace; of a closed one, also that it gets no others."""
        for name in names:
            self._add_function(f"{label}.{name}", content[name])
        watched = tuple(names)
        # With less than two names, itemgetter gives no tuple.
        padded = watched if len(watched) > 1 else watched * 2
        if not padded:
            return
        known = frozenset(content)
        get: itemgetter[Any] = itemgetter(*padded)
        self._spaces.append(
            _Space(label, content, padded, get(content), get, known, _ANY if closed else hideable)
        )

    def _add_function(self, label: str, value: object) -> None:
        for function in _functions(value):
            self._functions.setdefault(id(function), (label, function))

    def _seal(self) -> None:
        """Lay the snapshot out flat: reading it is to touch little memory shared by the fork."""
        self._labels = tuple(label for label, _ in self._functions.values())
        self._called = tuple(function for _, function in self._functions.values())
        self._codes = tuple(map(_code_of, self._called))
        self._defaults = tuple(map(_defaults_of, self._called))
        self._flat = tuple(
            (space.get, space.content, space.values, len(space.content), space)
            for space in self._spaces
        )
        self._lists = tuple(self._sequences)
        self._bodies = tuple(self._objects)

    def changed(
        self,
        # Bound now: when this runs, builtins may be the solution's.
        _all: Callable[[Iterable[object]], bool] = all,
        _map: Any = map,
        _len: Callable[[Any], int] = len,
        _is: Callable[[object, object], bool] = is_,
        _code_of: Callable[[Any], object] = _code_of,
        _defaults_of: Callable[[Any], object] = _defaults_of,
        _lookup_error: type[LookupError] = LookupError,
    ) -> list[str]:
        """Names of what is not as it was, in the order of the snapshot; empty if nothing."""
        found: list[str] = []
        for get, content, values, length, space in self._flat:
            try:
                same = _all(_map(_is, get(content), values)) and _len(content) == length
            except _lookup_error:
                same = False
            if not same:
                found += _differences(space)
        for label, current, values in self._lists:
            if _len(current) != _len(values) or not _all(_map(_is, current, values)):
                found.append(label)
        for label, body, hideable in self._bodies:
            if not hideable.isdisjoint(body):
                found.append(label)
        if not _all(_map(_is, _map(_code_of, self._called), self._codes)):
            found += _others(self._labels, "__code__", self._called, self._codes, _code_of)
        if not _all(_map(_is, _map(_defaults_of, self._called), self._defaults)):
            found += _others(
                self._labels, "__defaults__", self._called, self._defaults, _defaults_of
            )
        return found


class _Any(frozenset[str]):
    """All names there can be."""

    __slots__ = ()

    def __contains__(self, name: object) -> bool:
        return True


_ANY = _Any()


def _differences(space: _Space, _zip: Any = zip, _dict: Any = dict) -> list[str]:
    missing = space
    watched = _dict(_zip(space.names, space.values))
    found = [
        f"{space.label}.{name}"
        for name, value in watched.items()
        if space.content.get(name, missing) is not value
    ]
    found += [
        f"{space.label}.{name}"
        for name in space.content
        if name not in space.known and name in space.hideable
    ]
    return found


def _others(
    labels: tuple[str, ...],
    part: str,
    called: tuple[Any, ...],
    values: tuple[object, ...],
    get: Callable[[Any], object],
    _zip: Any = zip,
) -> list[str]:
    return [
        f"{label}.{part}"
        for label, function, value in _zip(labels, called, values)
        if get(function) is not value
    ]


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
