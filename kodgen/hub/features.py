"""Columns as the Hub's cards write them, from the schema of a file."""

from typing import TYPE_CHECKING, Any

from kodgen.hub.facts import Feature

if TYPE_CHECKING:
    import pyarrow as pa


def features_of(schema: "pa.Schema") -> tuple[Feature, ...]:
    """Every column, in order.

    The form is that which `datasets` reads and writes from version 4 on: `dtype` for a value,
    `list` and `struct` for what is made of others.

    Raises:
        TypeError: A column's type has no form there.
    """
    return tuple(_named(field) for field in schema)


def _named(field: "pa.Field") -> dict[str, Any]:
    form = _form(field.type)
    return {"name": field.name, **(form if isinstance(form, dict) else {"dtype": form})}


def _form(kind: "pa.DataType") -> Any:
    import pyarrow.types as is_

    if is_.is_struct(kind):
        return {"struct": [_named(kind.field(number)) for number in range(kind.num_fields)]}
    if is_.is_list(kind) or is_.is_large_list(kind):
        inner = _form(kind.value_type)
        if isinstance(inner, dict) and "struct" in inner:
            return {"list": inner["struct"]}
        return {"list": inner}
    if is_.is_string(kind) or is_.is_large_string(kind):
        return "string"
    if is_.is_boolean(kind):
        return "bool"
    if is_.is_integer(kind) or is_.is_null(kind):
        return str(kind)
    if is_.is_floating(kind):
        return {"float": "float32", "double": "float64", "halffloat": "float16"}[str(kind)]
    raise TypeError(f"no form on a card for columns of {kind}")
