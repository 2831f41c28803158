"""The reference of the pipeline file, `docs/pipeline.md`: made from the sections themselves."""

import inspect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from kodgen.config import LLMSection, Pipeline
from kodgen.pipeline.keys import item_of, kind_field, kinds_of, sections_of
from kodgen.pipeline.wording import default_of, type_of

OURS = "kodgen."
"""Modules of sections that belong here; those of plug-ins are documented by who wrote them."""
_HEAD = """\
# The pipeline file

Every key, made from the code by `make docs`; `kodgen show --reference` prints this page for the
version that is installed, and `kodgen schema` the same as a JSON schema, for editors. The pages of
each job say what the keys are good for: [building](build.md), [training data](training-data.md),
[auditing](audit.md), [releasing](release.md).

A file is YAML. An unknown key is an error, and so is a value out of its bounds; all mistakes are
told at once, with their lines. `--set solve.budget.hard=5` overrides a key; an entry of a list that
has a name is named by it, as in `--set subsets.Taco.count=100`. Paths start from the file's folder,
but `runs` from the working directory.

A key without a default may be left out unless it is `required`. A name begins with a letter and
goes on with letters, digits, `_`, `.` and `-`. Keys with "no" under *rows* say how to run and not
what to make: changing one never changes a row, and nothing is made again for it."""

Kinds = tuple[type[BaseModel], ...]
_MODELS: Kinds = tuple(sections_of(LLMSection))


@dataclass(slots=True)
class _Place:
    """One section of the file, or several that may stand there."""

    kinds: Kinds
    keys: tuple[str, ...]
    operational: bool
    """Whether it stands in something that only says how to run."""
    number: int = 0
    """Of its key among those beside it."""
    others: list[tuple[str, ...]] = field(default_factory=list)
    """Where else the same may stand."""


def reference() -> str:
    """The page, as Markdown."""
    places = _places()
    anchors = {place.kinds: _anchor(place.keys) for place in places}
    parts = [_HEAD, *(line for place in places for line in _told(place, anchors))]
    return "\n".join(parts).rstrip() + "\n"


def _places() -> list[_Place]:
    """Every section once, where its keys are fewest, each followed by those inside of it."""
    found: dict[Kinds, _Place] = {}
    waiting: list[_Place] = [_Place((Pipeline,), (), operational=False)]
    while waiting:
        waiting.sort(key=_depth)
        place = waiting.pop(0)
        if place.kinds in found:
            found[place.kinds].others.append(place.keys)
            continue
        found[place.kinds] = place
        inside = {
            (name, kinds): _Place(
                kinds,
                (*place.keys, _step(name, one.annotation)),
                operational=place.operational or _operational(one),
                number=number,
            )
            for kind in place.kinds
            for number, (name, one) in enumerate(kind.model_fields.items())
            if (kinds := _kinds(one.annotation))
        }
        waiting += inside.values()
    return list(_in_order(sorted(found.values(), key=lambda place: place.number), ()))


def _in_order(places: Sequence[_Place], keys: tuple[str, ...]) -> Iterator[_Place]:
    for place in places:
        if place.keys[:-1] == keys and place.keys:
            yield place
            yield from _in_order(places, place.keys)
        elif not keys and not place.keys:
            yield place


def _kinds(annotation: Any) -> Kinds:
    """The sections of ours that a key may hold, by itself, in a list or in a mapping."""
    inside = get_args(annotation)[1] if get_origin(annotation) is dict else item_of(annotation)
    return tuple(one for one in sections_of(inside) if one.__module__.startswith(OURS))


def _step(name: str, annotation: Any) -> str:
    """A key as it is written in a place: a list's entries are `name[]`, a mapping's `name.*`."""
    if get_origin(annotation) is dict:
        return f"{name}.*"
    return name if item_of(annotation) is annotation else f"{name}[]"


def _depth(place: _Place) -> int:
    return len(place.keys) + sum(key.endswith(("*", "[]")) for key in place.keys)


def _operational(one: FieldInfo) -> bool:
    extra = one.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("operational"))


def _told(place: _Place, anchors: dict[Kinds, str]) -> Iterator[str]:
    first, *others = place.kinds
    yield f"\n## {_title(place.keys)}\n"
    if place.others:
        where = ", ".join(f"`{'.'.join(keys)}`" for keys in place.others)
        yield f"The same keys stand in {where}.\n"
    if not others:
        yield f"{_summary(first)}\n"
        yield from _table(place, first.model_fields.items(), anchors)
        return
    shared = _shared(place.kinds)
    key = kind_field(first)
    yield f"One of these, told apart by `{key}`.\n"
    if shared:
        yield "All of them have\n"
        yield from _table(place, shared, anchors)
    names = {name for name, _ in shared} | {key}
    for kind in place.kinds:
        yield f"\n### {_title(place.keys)}, `{key}: {kinds_of(kind)[0]}`\n"
        yield f"{_summary(kind)}\n"
        own = [(name, one) for name, one in kind.model_fields.items() if name not in names]
        yield from _table(place, own, anchors)


def _shared(kinds: Kinds) -> list[tuple[str, FieldInfo]]:
    """Keys that all have alike."""
    first, *others = kinds
    return [
        (name, one)
        for name, one in first.model_fields.items()
        if all(repr(kind.model_fields.get(name)) == repr(one) for kind in others)
    ]


def _table(
    place: _Place, fields: Iterable[tuple[str, FieldInfo]], anchors: dict[Kinds, str]
) -> Iterator[str]:
    yield "| key | takes | default | rows | |"
    yield "|---|---|---|---|---|"
    for name, one in fields:
        kinds = _kinds(one.annotation)
        takes = type_of(one)
        if kinds:
            takes = takes.replace("section", f"[section](#{anchors[kinds]})")
        if kinds == _MODELS and (place.keys, name) != ((), "models"):
            takes += " or name in `models`"
        rows = "no" if place.operational or _operational(one) else ""
        cells = (f"`{name}`", takes, default_of(one), rows)
        yield f"| {' | '.join(cells)} | {one.description} |"


def _title(keys: Sequence[str]) -> str:
    return f"`{'.'.join(keys)}`" if keys else "The top level"


def _anchor(keys: Sequence[str]) -> str:
    """Of a heading, as GitHub makes it: letters, digits, `_` and `-` are left."""
    kept = (one for one in ".".join(keys).lower() if one.isalnum() or one in "_-")
    return "".join(kept) if keys else "the-top-level"


def _summary(kind: type[BaseModel]) -> str:
    """The first paragraph of what a section says of itself."""
    return " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split())
