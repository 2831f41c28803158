"""Language models by name: where a section is wanted, one of `models` may be named instead."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from kodgen.tables.row import nearest

STAGES = ("synthesize", "annotate", "solve", "restyle", "respond")
"""Sections with an `llm` of their own."""


def with_named_models(data: dict[str, Any]) -> dict[str, Any]:
    """A pipeline's plain data, every name of a model replaced by what `models` has under it.

    Raises:
        ValidationError: There is no model of a name.
    """
    models = data.get("models")
    known = models if isinstance(models, Mapping) else {}
    errors: list[InitErrorDetails] = []
    found = dict(data)
    for holder, key, place in _holders(found):
        value = holder[key]
        if isinstance(value, str):
            if value in known:
                holder[key] = known[value]
            else:
                errors.append(_unknown(value, place, [str(name) for name in known]))
    if errors:
        raise ValidationError.from_exception_data("Pipeline", errors)
    return found


def _holders(data: dict[str, Any]) -> Iterator[tuple[Any, Any, tuple[int | str, ...]]]:
    """Every place for a model's section: what holds it, under which key, and where that is.

    What holds one is copied into `data`, so that the caller's own stays as it is.
    """
    if "llm" in data:
        yield data, "llm", ("llm",)
    for stage in STAGES:
        if isinstance(data.get(stage), Mapping) and "llm" in data[stage]:
            data[stage] = dict(data[stage])
            yield data[stage], "llm", (stage, "llm")
    if not isinstance(data.get("subsets"), list | tuple):
        return
    subsets = data["subsets"] = list(data["subsets"])
    for number, subset in enumerate(subsets):
        if isinstance(subset, Mapping) and isinstance(subset.get("llms"), list | tuple):
            subsets[number] = {**subset, "llms": list(subset["llms"])}
            llms = subsets[number]["llms"]
            for index in range(len(llms)):
                yield llms, index, ("subsets", number, "llms", index)


def _unknown(name: str, place: tuple[int | str, ...], known: list[str]) -> InitErrorDetails:
    there = f"has {', '.join(known)}" if known else "is not there"
    said = f"no model is named {name!r}: `models` {there}{nearest(name, known, str)}"
    kind = PydanticCustomError("unknown_model", "{said}", {"said": said})
    return InitErrorDetails(type=kind, loc=place, input=name)
