"""Export: which training formats a dataset is written in."""

from collections.abc import Sequence
from typing import Any

from kodgen.formats.base import Format
from kodgen.formats.registry import FORMATS


def formats_of(names: Sequence[str]) -> tuple[Format[Any], ...]:
    """The formats by name, in the order asked for; a name asked for twice counts once."""
    return tuple(FORMATS[name] for name in dict.fromkeys(names))
