"""Exceptions across the boundary: by name, with plain arguments.

Builtin exceptions, and some of the standard library, are raised in the tests as what they are.
For a class of the solution the tests have a stand-in of the same name and the same builtin bases;
nothing of its own code comes with it.
"""

import builtins
import importlib
from typing import Any, NoReturn

from .building import Unpacker
from .leaves import Malformed, NotPlain, with_article
from .values import Packer

BUILTIN = {
    name: value
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException) and name == value.__name__
}
FROM_LIBRARY = frozenset(
    {
        ("json.decoder", "JSONDecodeError"),
        ("decimal", "DecimalException"),
        ("decimal", "Clamped"),
        ("decimal", "ConversionSyntax"),
        ("decimal", "DivisionByZero"),
        ("decimal", "DivisionImpossible"),
        ("decimal", "DivisionUndefined"),
        ("decimal", "Inexact"),
        ("decimal", "InvalidContext"),
        ("decimal", "InvalidOperation"),
        ("decimal", "Overflow"),
        ("decimal", "Rounded"),
        ("decimal", "Subnormal"),
        ("decimal", "Underflow"),
        ("decimal", "FloatOperation"),
        ("statistics", "StatisticsError"),
        ("re", "error"),
        ("re", "PatternError"),
        ("struct", "error"),
        ("binascii", "Error"),
        ("binascii", "Incomplete"),
        ("zlib", "error"),
        ("csv", "Error"),
        ("configparser", "Error"),
        ("zoneinfo", "ZoneInfoNotFoundError"),
        ("zoneinfo._common", "ZoneInfoNotFoundError"),
    }
)
"""Exceptions of the standard library, by module and name."""

_WITHOUT_MEANING = frozenset(
    {
        "__module__",
        "__doc__",
        "__weakref__",
        "__dict__",
        "__qualname__",
        "__annotations__",
        "__firstlineno__",
        "__static_attributes__",
    }
)
_LOST_WITH_CODE = "has code of its own"
_LONGEST_NAME = 200
_MOST_BASES = 8
_DEEPEST_BASES = 16


def describe_class(kind: type[BaseException]) -> Any:
    """A class of exceptions, packed: a builtin's name, a library's module and name, or its parts.

    Raises:
        NotPlain: Its name or its bases are out of the ordinary.
    """
    name = kind.__name__
    if issubclass(kind, BaseExceptionGroup):
        raise NotPlain("a group of exceptions")
    if BUILTIN.get(name) is kind:
        return name
    module = kind.__module__
    if (module, name) in FROM_LIBRARY:
        return [module, name]
    if len(name) > _LONGEST_NAME or len(kind.__bases__) > _MOST_BASES:
        raise NotPlain("an exception class out of the ordinary")
    bases = [describe_class(base) for base in kind.__bases__ if base is not object]
    return {"name": name, "bases": bases, "plain": vars(kind).keys() <= _WITHOUT_MEANING}


def describe(error: BaseException, kept: list[Any]) -> tuple[Any, Packer]:
    """An exception, packed, and the packer that did it.

    Arguments that are not plain are told by the exception's text alone.

    Args:
        error: The exception.
        kept: The numbered values of the message that this one answers.

    Raises:
        NotPlain: It can't be told.
    """
    kind = type(error)
    described = describe_class(kind)
    text = None
    if isinstance(described, dict) and kind.__str__ not in _BUILTIN_TEXTS:
        text = _text(error)
    try:
        packer = Packer(kept)
        arguments = packer.items(_arguments(error))
    except NotPlain:
        packer = Packer(kept)
        arguments = [_text(error)]
    state: dict[str, Any] = {}
    for name, value in vars(error).items():
        # What can't cross is missing there; a stand-in says so when it is asked for.
        if type(name) is str and _crosses(value):
            state[name] = packer.pack(value)
    module = error.name if isinstance(error, ImportError) else None
    body = {"class": described, "args": arguments, "state": state}
    if type(module) is str:
        body["module"] = module
    if text is not None:
        body["text"] = text
    return body, packer


def _crosses(value: Any) -> bool:
    try:
        Packer().pack(value)
    except NotPlain:
        return False
    return True


_BUILTIN_TEXTS = {value.__str__ for value in BUILTIN.values()}


def _arguments(error: BaseException) -> list[Any]:
    arguments = list(error.args)
    if isinstance(error, OSError) and error.filename is not None and len(arguments) == 2:
        # OSError takes the names of files out of its arguments.
        arguments.append(error.filename)
        if error.filename2 is not None:
            arguments += [None, error.filename2]
    return arguments


def _text(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception as failure:
        raise NotPlain("an exception whose text can't be had") from failure
    if type(text) is not str:
        raise NotPlain("an exception whose text is no string")
    return text


class Classes:
    """The classes of exceptions that the tests see."""

    def __init__(self, refuse: "type[BaseException]") -> None:
        """Begin without stand-ins; `refuse` is raised where one can't do as the real class."""
        self._refuse = refuse
        self._made: dict[str, tuple[Any, type[BaseException]]] = {}

    def find(self, described: Any, depth: int = 0) -> type[BaseException]:
        """The class of a description.

        Raises:
            Malformed: It describes none.
        """
        if type(described) is str:
            kind = BUILTIN.get(described)
        elif type(described) is list:
            kind = _from_library(described)
        else:
            kind = self._stand_in(described, depth)
        if kind is None:
            raise Malformed("an exception of no known class")
        return kind

    def _stand_in(self, described: Any, depth: int) -> type[BaseException]:
        match described:
            case {"name": str(name), "bases": [*bases], "plain": bool(plain)}:
                pass
            case _:
                raise Malformed("no description of an exception class")
        if not name.isidentifier() or len(name) > _LONGEST_NAME:
            raise Malformed("an exception class without a proper name")
        if not 0 < len(bases) <= _MOST_BASES or depth > _DEEPEST_BASES:
            raise Malformed("an exception class without proper bases")
        before, made = self._made.get(name, (None, None))
        if made is not None:
            if before != described:
                raise Malformed("two exception classes of one name")
            return made
        members = {"__module__": "solution"}
        found = tuple(self.find(base, depth + 1) for base in bases)
        try:
            made = type(name, found, members if plain else members | self._refusals(name))
        except TypeError as error:
            raise Malformed(f"an exception class that can't be: {error}") from None
        self._made[name] = (described, made)
        return made

    def _refusals(self, name: str) -> dict[str, Any]:
        refuse = self._refuse

        def __init__(_: Any, *_args: Any, **_named: Any) -> None:  # noqa: N807
            raise refuse(f"makes {with_article(name)}, which {_LOST_WITH_CODE}")

        def __getattr__(_: Any, attribute: str) -> NoReturn:  # noqa: N807
            if attribute.startswith("__"):
                raise AttributeError(attribute)
            raise refuse(f"asks {with_article(name)}, which {_LOST_WITH_CODE}, for {attribute}")

        def __str__(self: BaseException) -> str:  # noqa: N807
            text = vars(self).get(_TEXT)
            return text if type(text) is str else BaseException.__str__(self)

        return {"__init__": __init__, "__getattr__": __getattr__, "__str__": __str__}

    def build(self, body: Any, unpacker: Unpacker) -> BaseException:
        """The exception of a description.

        Raises:
            Malformed: It describes none.
        """
        match body:
            case {"class": described, "args": [*arguments], "state": dict(state)}:
                pass
            case _:
                raise Malformed("no description of an exception")
        kind = self.find(described)
        values = [unpacker.unpack(argument) for argument in arguments]
        error = _make(kind, values, builtin=type(described) is str)
        attributes = vars(error)
        for name, packed in state.items():
            attributes[name] = unpacker.unpack(packed)
        if type(body.get("text")) is str:
            attributes[_TEXT] = body["text"]
        if isinstance(error, ImportError) and type(body.get("module")) is str:
            error.name = body["module"]
        return error


_TEXT = "_text_of_solution"


def _make(kind: type[BaseException], values: list[Any], *, builtin: bool) -> BaseException:
    try:
        error = kind.__new__(kind, *values)
        # What a class's own `__init__` does is in the arguments and the state already.
        base = next(part for part in kind.__mro__ if BUILTIN.get(part.__name__) is part)
        base.__init__(error, *values)
    except Exception as failure:
        if builtin:
            raise Malformed(f"no {kind.__name__} has such arguments") from failure
        error = kind.__new__(kind)
    if not builtin:
        error.args = tuple(values)
    return error


def _from_library(described: list[Any]) -> type[BaseException] | None:
    match described:
        case [str(module), str(name)] if (module, name) in FROM_LIBRARY:
            found = getattr(importlib.import_module(module), name, None)
            return found if isinstance(found, type) else None
        case _:
            return None
