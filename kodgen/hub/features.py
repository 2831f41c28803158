"""Columns as the Hub's cards write them, from the schema of a file."""

from typing import TYPE_CHECKING, Any

from kodgen.hub.facts import Feature

if TYPE_CHECKING:
    import pyarrow as pa

_SIMPLE = {
    "string": "string",
    "large_string": "string",
    "bool": "bool",
    "null": "null",
    "int32": "int32",
    "int64": "int64",
    "float": "float32",
    "double": "float64",
}
"""Arrow's names of values, and the cards'."""


def features_of(schema: "pa.Schema") -> tuple[Feature, ...]:
    """Every column, in order.

    The form is that which `datasets` reads and writes from version 4 on: `dtype` for a value,
    `list` and `struct` for what is made of others.

    Raises:
        TypeError: A column's type has no form there.
    """
    return tuple(_named(field) for field in schema)


def _named(field: "pa.Field[Any]") -> dict[str, Any]:
    form = _form(field.type)
    return {"name": field.name, **(form if isinstance(form, dict) else {"dtype": form})}


def _form(kind: "pa.DataType") -> Any:
    import pyarrow.types as is_

    simple = _SIMPLE.get(str(kind))
    if simple is not None:
        return simple

    if is_.is_struct(kind):
        return {"struct": [_named(kind.field(number)) for number in range(kind.num_fields)]}
    if is_.is_list(kind) or is_.is_large_list(kind):
        inner = _form(kind.value_type)
        if isinstance(inner, dict) and "struct" in inner:
            return {"list": inner["struct"]}
        return {"list": inner}
    raise TypeError(f"no form on a card for columns of {kind}")
