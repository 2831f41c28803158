"""The module `solution` as the tests see it in strict mode: its names, but none of its code."""

import builtins
from collections.abc import Iterable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import BuiltinFunctionType, ModuleType
from typing import Any, NoReturn, Protocol

from . import library
from .leaves import Malformed
from .raised import Classes
from .split import give_up, refuse

NAME = "solution"


class Line(Protocol):
    """The connection to the solution's process."""

    classes: Classes

    def greeting(self) -> dict[str, Any]:
        """What names the solution has; raises what its import raised."""

    def call(self, name: str, arguments: Iterable[Any], named: dict[str, Any]) -> Any:
        """Call a function of the solution."""

    def get(self, name: str) -> Any:
        """The present value of a name that is no function."""


class Function:
    """A function of the solution; only calling it, and naming it, is the same here as there."""

    def __init__(self, line: Line, name: str) -> None:
        self._line = line
        self.__name__ = self.__qualname__ = name
        self.__module__ = NAME

    def __call__(self, /, *arguments: Any, **named: Any) -> Any:
        """Call it in its process."""
        return self._line.call(self.__name__, arguments, named)

    def __getattr__(self, name: str) -> Any:
        # pytest and unittest ask everything they collect for names that begin so.
        if name.startswith("_") or name in {"pytestmark", "place_as"}:
            raise AttributeError(name)
        refuse(f"asks {self.__name__} for {name}")


def pack_function(value: Any) -> Any:
    """The form of a function that may be an argument: the solution's, or a builtin one."""
    if type(value) is Function:
        return {"function": value.__name__}
    name = getattr(value, "__name__", "")
    if type(value) is BuiltinFunctionType and getattr(builtins, name, None) is value:
        return {"builtin": name}
    return None


class _Refused:
    """A name of the solution that can't be had here: any use of it is refused."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        refuse(self._reason)


def _forbidden(self: _Refused, /, *_arguments: Any, **_named: Any) -> NoReturn:
    refuse(vars(self)["_reason"])


for _method in (
    *("call", "bool", "len", "iter", "contains", "getitem", "setitem", "delitem", "eq", "ne"),
    *("lt", "le", "gt", "ge", "hash", "str", "repr", "format", "instancecheck", "subclasscheck"),
    *("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor", "enter"),
    *("radd", "rsub", "rmul", "rtruediv", "rfloordiv", "rmod", "rpow", "rand", "ror", "rxor"),
    *("neg", "pos", "abs", "int", "float", "index", "next", "mro_entries", "exit"),
):
    setattr(_Refused, f"__{_method}__", _forbidden)


class _Module(ModuleType):
    """Stands in for the solution."""

    def __getattr__(self, name: str) -> Any:
        if name in vars(self).get("_values", ()):
            return vars(self)["_line"].get(name)
        raise AttributeError(f"module '{NAME}' has no attribute '{name}'", name=name, obj=self)

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("__"):
            refuse(f"sets {name} of the solution")
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        refuse(f"deletes {name} of the solution")


class Finder(MetaPathFinder, Loader):
    """Finds the stand-in, and fills it at its first import: until then the solution loads."""

    def __init__(self, line: Line, names: Iterable[str]) -> None:
        self._line = line
        self._wanted = frozenset(names)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Answer for `solution` only."""
        del path, target
        return ModuleSpec(NAME, self) if fullname == NAME else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """A stand-in without names."""
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Give it the solution's names; wait for the solution, and raise what its import did."""
        names = vars(module)
        names["_line"] = self._line
        values = names["_values"] = set()
        for name, kind in self._line.greeting().items():
            if kind == ["value"]:
                values.add(name)
            else:
                names[name] = self._stand_in(name, kind)
        names["__all__"] = sorted(self._wanted & (names.keys() | values))

    def _stand_in(self, name: str, kind: Any) -> Any:
        try:
            match kind:
                case ["function"]:
                    return Function(self._line, name)
                case ["library", module, attribute]:
                    return library.resolve(module, attribute)
                case ["exception", described]:
                    return self._line.classes.find(described)
                case ["unportable", str(reason)]:
                    return _Refused(reason)
                case _:
                    give_up("the solution's process sent a name of no known kind")
        except (Malformed, LookupError, TypeError) as error:
            give_up(f"the solution's process sent {error}")
