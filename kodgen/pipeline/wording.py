"""What a key of the pipeline file may be, in the words of the reference."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from kodgen.config import Name
from kodgen.pipeline.keys import sections_of

_PLAIN = {str: "text", int: "whole number", float: "number", bool: "boolean"}
_BOUNDS = (("ge", "at least"), ("gt", "above"), ("le", "at most"), ("lt", "below"))
_LENGTHS = (("min_length", "at least"), ("max_length", "at most"))
_PATHLIKE = "path"
_NAME = get_args(Name)[1].metadata


def type_of(field: FieldInfo) -> str:
    """What a key takes, with its bounds: `whole number, at least 1`."""
    return _with_bounds(_words(field.annotation), field.annotation, field.metadata)


def default_of(field: FieldInfo) -> str:
    """What holds where a key is left out, as code; or `required`, or empty for nothing.

    Of a section, what is not its keys' own default.
    """
    if field.is_required():
        return "required"
    value = _plain(field.get_default(call_default_factory=True))
    return "" if value in (None, {}, []) else f"`{_flow(value)}`"


def _words(annotation: Any) -> str:
    if isinstance(annotation, type):
        if issubclass(annotation, PurePath):
            return _PATHLIKE
        return "section" if issubclass(annotation, BaseModel) else _PLAIN[annotation]
    if len(sections_of(annotation)) > 1:
        return "section"
    return _GENERIC[get_origin(annotation)](get_args(annotation))


def _annotated(arguments: Sequence[Any]) -> str:
    inside, *given = arguments
    return _with_bounds(_words(inside), inside, _metadata(given))


def _literal(arguments: Sequence[Any]) -> str:
    return _either([f"`{value}`" for value in arguments])


def _list(arguments: Sequence[Any]) -> str:
    if arguments[-1] is Ellipsis:
        return f"list of {_words(arguments[0])}"
    return f"list of {len(arguments)}: {', '.join(map(_words, arguments))}"


def _mapping(arguments: Sequence[Any]) -> str:
    return f"mapping of {_words(arguments[0])} to {_words(arguments[1])}"


def _union(arguments: Sequence[Any]) -> str:
    words = [_words(one) for one in arguments if one is not NoneType]
    return _either(list(dict.fromkeys(words)))


_GENERIC: Mapping[Any, Callable[[Sequence[Any]], str]] = {
    Annotated: _annotated,
    Literal: _literal,
    tuple: _list,
    dict: _mapping,
    Union: _union,
    UnionType: _union,
}


def _metadata(given: Sequence[Any]) -> Iterator[Any]:
    for one in given:
        if isinstance(one, FieldInfo):
            yield from one.metadata
        else:
            yield one


def _with_bounds(words: str, annotation: Any, given: Iterable[Any]) -> str:
    metadata = list(given)
    if annotation is str and all(one in metadata for one in _NAME):
        return "name"
    said = []
    lengths = "characters" if annotation is str or str in get_args(annotation) else "entries"
    for one in metadata:
        for name, word in _BOUNDS:
            if getattr(one, name, None) is not None:
                said.append(f"{word} {getattr(one, name):,}")
        for name, word in _LENGTHS:
            length = getattr(one, name, None)
            if length is not None:
                said.append(f"{word} {length:,} {lengths if length > 1 else _one(lengths)}")
    return ", ".join([words, *said])


def _one(many: str) -> str:
    return {"characters": "character", "entries": "entry"}[many]


def _either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _plain(value: Any) -> Any:
    """A default as it is written in YAML."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields.items()
        return {
            name: _plain(getattr(value, name))
            for name, one in fields
            if getattr(value, name) != one.get_default(call_default_factory=True)
        }
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, PurePath) else value


def _flow(value: Any) -> str:
    """YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_flow(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return value if isinstance(value, str) else json.dumps(value)
