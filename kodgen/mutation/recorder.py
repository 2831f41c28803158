"""Runs inside of a trial: writes down what the solution's functions and methods give the tests.

Its text is put into a test file (`kodgen.mutation.probe`); it knows nothing of kodgen. Each call
that the tests make, not those that the solution makes of itself, adds to one digest: what was
called, what it returned, yielded or raised, and what its arguments are afterwards. Two solutions
with the same digest gave the same outputs for the same inputs.

Values count as the same where a test that compares them with `==` would find them so, and numbers
to ten digits: a test should not tell apart what floating point jitters. Objects of the solution's
or the tests' own classes are the same with the same public attributes (all of them where the class
defines equality), those of others with the same `repr`. What can't be looked into without using it
up, such as an iterator that is no generator, counts by its type.
"""

import collections
import dataclasses
import enum
import functools
import hashlib
import importlib
import inspect
import re
import sys
import threading
import types
from collections.abc import Callable, Iterator
from typing import Any

DEEPEST = 200
"""Levels of a value that are looked at; Python's stack holds about four times as many."""
MOST = 100_000
"""Values within one value that are looked at, for tests of large inputs to end in time."""
_DIGITS = 10
_LET_BE = {
    "__class_getitem__",
    "__del__",
    "__delattr__",
    "__getattr__",
    "__getattribute__",
    "__hash__",
    "__init_subclass__",
    "__new__",
    "__setattr__",
}
_PLAIN = (int, float, complex, str, bytes, type(None), range, slice, enum.Enum)
_SEQUENCES = (tuple, list, collections.deque)
_CONTAINERS: tuple[Any, ...] = (*_SEQUENCES, collections.OrderedDict, dict, set, frozenset)
_OPAQUE = (type, types.FunctionType, types.ModuleType, BaseException, Iterator)
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+")
_CACHE = ("cache_clear", "cache_info", "cache_parameters")


class _Described:
    """A value as text; `own` are the modules whose classes are looked into."""

    def __init__(self, own: set[str]) -> None:
        self._own = own
        self._left = MOST
        self._above: set[int] = set()

    def text(self, value: Any, depth: int = 0) -> str:
        self._left -= 1
        if self._left < 0 or depth > DEEPEST or id(value) in self._above:
            return "..."
        if isinstance(value, _PLAIN):
            return _plain(value)
        self._above.add(id(value))
        try:
            return self._compound(value, depth + 1)
        except Exception as error:  # noqa: BLE001 - code of the solution's may run
            return f"<{type(value).__name__}: {type(error).__name__}>"
        finally:
            self._above.discard(id(value))

    def _compound(self, value: Any, depth: int) -> str:
        for kind in _CONTAINERS:
            if isinstance(value, kind):
                # Not the value's own: a class derived from it may have another.
                return f"{kind.__name__}{self._container(value, kind.__iter__(value), depth)}"
        if isinstance(value, _OPAQUE):
            return f"<{type(value).__name__} {getattr(value, '__name__', '')}>"
        if type(value).__module__ in self._own or dataclasses.is_dataclass(value):
            return self._object(value, depth)
        return _ADDRESS.sub("", repr(value))

    def _container(self, value: Any, content: Iterator[Any], depth: int) -> str:
        if isinstance(value, dict):
            given = dict.__getitem__
            texts = [f"{self.text(k, depth)}: {self.text(given(value, k), depth)}" for k in content]
        else:
            texts = [self.text(one, depth) for one in content]
        ordered = isinstance(value, (*_SEQUENCES, collections.OrderedDict))
        return f"[{', '.join(texts if ordered else sorted(texts))}]"

    def _object(self, value: Any, depth: int) -> str:
        names = set(getattr(value, "__dict__", ()))
        for kind in type(value).__mro__:
            slots = vars(kind).get("__slots__", ())
            names.update((slots,) if isinstance(slots, str) else slots)
        if "__eq__" not in {name for kind in type(value).__mro__[:-1] for name in vars(kind)}:
            names = {name for name in names if not name.startswith("_")}
        missing = "<missing>"
        content = [
            f"{name}={self.text(getattr(value, name, missing), depth)}" for name in sorted(names)
        ]
        return f"{type(value).__name__}({', '.join(content)})"


def _plain(value: Any) -> str:
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, complex):
        return f"{_plain(value.real)}+{_plain(value.imag)}j"
    if isinstance(value, float):
        text = f"{value:.{_DIGITS}g}"
        rounded = float(text)
        return hex(int(rounded)) if rounded.is_integer() else text
    return hex(value) if isinstance(value, int) else repr(value)


class Recorder:
    """Adds up what the functions and methods of a module give to whoever calls from outside."""

    def __init__(self, own: set[str]) -> None:
        self._digest = hashlib.sha256()
        self._own = own
        self._thread = threading.local()

    def error(self) -> Exception:
        """An error whose class is named for the digest so far: what a report tells of errors."""
        made: type[Exception] = type(f"Recorded_{self._digest.hexdigest()}", (Exception,), {})
        return made()

    def note(self, *parts: Any) -> None:
        """Add to the digest."""
        texts = [_Described(self._own).text(part) for part in parts]
        self._digest.update("\n".join([*texts, ""]).encode("utf-8", "surrogatepass"))

    def _outside(self) -> bool:
        return not getattr(self._thread, "inside", False)

    def _do(self, work: Callable[[], Any]) -> Any:
        """Do something in which nothing is recorded."""
        before = not self._outside()
        self._thread.inside = True
        try:
            return work()
        finally:
            self._thread.inside = before

    def recorded(self, function: Any, name: str) -> Any:
        """A function that does the same, and is recorded when it is called from outside."""
        if inspect.iscoroutinefunction(function):
            return self._recorded_coroutine(function, name)

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            if not self._outside():
                return function(*args, **kwargs)
            # What is being made is seen once something is done with it.
            given = args[1:] if name.endswith(".__init__") else args
            try:
                result = self._do(lambda: function(*args, **kwargs))
            except BaseException as error:
                raised = type(error).__name__
                self._do(lambda: self.note(name, "raises", raised, given, kwargs))
                raise
            self._do(lambda: self.note(name, result, given, kwargs))
            if isinstance(result, types.GeneratorType):
                return self._recorded_generator(result, name)
            if isinstance(result, types.FunctionType) and not any(one is result for one in args):
                return self.recorded(result, f"{name}()")
            return result

        for attribute in _CACHE:
            if hasattr(function, attribute):
                setattr(call, attribute, getattr(function, attribute))
        return call

    def _recorded_coroutine(self, function: Any, name: str) -> Any:
        @functools.wraps(function)
        async def call(*args: Any, **kwargs: Any) -> Any:
            try:
                result = await function(*args, **kwargs)
            except BaseException as error:
                raised = type(error).__name__
                self._do(lambda: self.note(name, "raises", raised, args, kwargs))
                raise
            self._do(lambda: self.note(name, result, args, kwargs))
            return result

        return call

    def _recorded_generator(self, generator: Any, name: str) -> Any:
        given = None
        while True:
            try:
                one = self._do(functools.partial(generator.send, given))
            except StopIteration as stop:
                self._do(functools.partial(self.note, name, "ends", stop.value))
                return stop.value
            except Exception as error:
                raised = type(error).__name__
                self._do(functools.partial(self.note, name, "raises", raised))
                raise
            self._do(functools.partial(self.note, name, "yields", one))
            given = yield one

    def within(self, kind: type) -> None:
        """Have the methods of a class recorded, in place: its instances stay what they are."""
        if issubclass(kind, enum.Enum | BaseException):
            return
        for name, value in list(vars(kind).items()):
            made = None if name in _LET_BE else self._member(value, f"{kind.__name__}.{name}")
            if made is not None:
                try:
                    setattr(kind, name, made)
                except (AttributeError, TypeError):
                    continue

    def _member(self, value: Any, name: str) -> Any:
        if isinstance(value, types.FunctionType):
            return self.recorded(value, name)
        if isinstance(value, staticmethod | classmethod):
            return type(value)(self.recorded(value.__func__, name))
        if type(value) is property:
            get, put, cut = (
                self.recorded(one, name) if one is not None else None
                for one in (value.fget, value.fset, value.fdel)
            )
            return property(get, put, cut, value.__doc__)
        return None


def install(name: str, tests: str) -> Recorder:
    """Import a module, and have all who import it from now on get it recorded.

    Args:
        name: Of the module. Its own functions go on calling each other unrecorded.
        tests: Name of the module of the tests.
    """
    recorder = Recorder({name, tests})
    module = importlib.import_module(name)
    shown: dict[int, Any] = {}
    for key, value in list(vars(module).items()):
        if getattr(value, "__module__", None) != name:
            continue
        if isinstance(value, type):
            recorder.within(value)
        elif isinstance(value, types.FunctionType) or hasattr(value, "cache_clear"):
            shown[id(value)] = recorder.recorded(value, key)

    class Shown(types.ModuleType):
        """The module with recorded functions in place of its own; else it is that module."""

        def __getattribute__(self, attribute: str) -> Any:
            value = getattr(module, attribute)
            return shown.get(id(value), value)

        def __setattr__(self, attribute: str, value: Any) -> None:
            setattr(module, attribute, value)

        def __delattr__(self, attribute: str) -> None:
            delattr(module, attribute)

    sys.modules[name] = Shown(name)
    return recorder
