"""The solution's process of strict mode: imports it, and answers calls until the tests hang up.

It never sees the tests, only names and plain values. Its answers are not trusted (see `caller`):
what untrusted code does to this module can spoil its own verdict, nothing more.
"""

import builtins
import functools
import importlib.util
import inspect
import operator
import socket
import sys
from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from . import frames, raised
from .building import Unpacker, loads
from .leaves import Malformed, NotPlain
from .library import origin
from .sharing import Shared
from .values import MUTABLE, Packer, dumps, holds

_FUNCTIONS = (FunctionType, BuiltinFunctionType, MethodType, functools.partial)
_NAME = "solution"


def serve(sock: socket.socket, source_path: str) -> None:
    """Import the solution and answer calls of it until the other end hangs up.

    Args:
        sock: A connected stream socket; the other end is the tests' (`caller.install`).
        source_path: The solution's file; it is imported as the module `solution`.

    Raises:
        OSError: The socket broke.
    """
    try:
        module = _load(source_path)
        greeting: Any = ["names", _names(module)]
    except BaseException as error:  # noqa: BLE001 - whatever an import raises, the tests shall see
        greeting, module = _raised(error, []), ModuleType(_NAME)
    frames.send(sock, _bytes(greeting))
    host = _Host(module)
    while (body := frames.receive(sock)) is not None:
        frames.send(sock, host.answer(body))


def _load(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(_NAME, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[_NAME] = module
    spec.loader.exec_module(module)
    # What a module has put in its own place is what its importers get.
    return sys.modules[_NAME]


def _bytes(message: Any) -> bytes:
    try:
        return dumps(message)
    except NotPlain as error:
        return dumps(["unportable", str(error)])


def _raised(error: BaseException, kept: list[Any]) -> list[Any]:
    try:
        return ["raised", raised.describe(error, kept)[0]]
    except NotPlain as reason:
        return ["unportable", f"raises {reason}"]


def _names(module: ModuleType) -> dict[str, Any]:
    """What each name of the module is, in a way that the tests' process can have it too."""
    return {
        name: _kind(value)
        for name, value in vars(module).copy().items()
        if type(name) is str and not (name.startswith("__") and name.endswith("__"))
    }


def _kind(value: Any) -> Any:  # noqa: PLR0911 - one for each kind
    found = origin(value)
    if found is not None:
        return ["library", *found]
    if isinstance(value, ModuleType):
        return ["unportable", f"takes the module {value.__name__} from the solution"]
    if isinstance(value, type):
        if not issubclass(value, BaseException):
            return ["unportable", f"uses the class {value.__name__}"]
        try:
            return ["exception", raised.describe_class(value)]
        except NotPlain as error:
            return ["unportable", f"uses {error}"]
    if inspect.iscoroutinefunction(value) or inspect.isasyncgenfunction(value):
        return ["unportable", "calls an asynchronous function"]
    if inspect.isgeneratorfunction(value):
        return ["unportable", "calls a generator function"]
    if isinstance(value, _FUNCTIONS) or (callable(value) and hasattr(value, "__wrapped__")):
        return ["function"]
    return ["value"]


class _Host:
    """Answers one message after another."""

    def __init__(self, module: ModuleType) -> None:
        self._functions = vars(module).copy()
        self._module = module
        self._shared = Shared()

    def answer(self, body: bytes) -> bytes:
        try:
            match loads(body):
                case ["call", str(name), list(arguments), dict(named)]:
                    return _bytes(self._call(self._functions[name], arguments, named))
                case ["get", str(name)]:
                    return _bytes(self._get(name))
                case ["end"]:
                    return _bytes(self._shared.verdict())
                case _:
                    return _bytes(["unportable", "what the solution's process was asked"])
        except Malformed as error:
            return _bytes(["unportable", f"what the solution's process was sent: {error}"])

    def _get(self, name: str) -> list[Any]:
        try:
            packer = Packer()
            value = getattr(self._module, name)
            packed = _apart(packer.pack(value), value)
        except NotPlain as error:
            return ["unportable", f"uses {name}, {error}"]
        except Exception as error:  # noqa: BLE001 - a module's own __getattr__ may raise anything
            return _raised(error, [])
        return ["value", packed, [], self._shared.note([value], packer.kept)]

    def _call(self, function: Callable[..., Any], packed: list[Any], named: dict[str, Any]) -> Any:
        unpacker = Unpacker(other=self._function)
        arguments = [unpacker.unpack(value) for value in packed]
        keywords = {name: unpacker.unpack(value) for name, value in named.items()}
        # The message holds the very lists that it was read into.
        packed.clear()
        named.clear()
        kept = unpacker.kept
        before = [(i, v, holds(v)) for i, v in enumerate(kept) if type(v) in MUTABLE]
        try:
            result = function(*arguments, **keywords)
        except BaseException as error:  # noqa: BLE001 - the tests' to judge
            # Its frames hold the arguments, which would look as if the solution kept them.
            error.__traceback__ = error.__context__ = error.__cause__ = None
            try:
                body, packer = raised.describe(error, kept)
            except NotPlain as reason:
                return ["unportable", f"raises {reason}"]
            answer = ["raised", body]
            roots = [*arguments, *keywords.values()]
            del error
        else:
            packer = Packer(kept)
            try:
                answer = ["value", _apart(packer.pack(result), result)]
            except NotPlain as reason:
                return ["unportable", f"gets {reason} from the solution"]
            roots = [result, *arguments, *keywords.values()]
            del result
        try:
            changes = [[i, packer.held(v)] for i, v, old in before if not _same(old, holds(v))]
        except NotPlain as reason:
            return ["unportable", f"finds {reason} in an argument"]
        before.clear()
        del arguments, keywords, unpacker, kept
        return [*answer, changes, self._shared.note(roots, packer.kept)]

    def _function(self, tag: str, body: Any) -> Any:
        if tag == "function" and type(body) is str and body in self._functions:
            return self._functions[body]
        if tag == "builtin" and type(body) is str:
            return getattr(builtins, body)
        raise Malformed("an unknown tag")


def _apart(packed: Any, value: Any) -> Any:
    """A packed form that is not the value itself, lest it look as if the solution kept that."""
    return packed[:] if packed is value and type(value) is list else packed


def _same(old: Any, new: Any) -> bool:
    """Whether a mutable value still holds the very same objects."""
    if type(old) is bytes:
        return bool(old == new)
    return len(old) == len(new) and all(map(operator.is_, old, new))
