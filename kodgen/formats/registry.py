"""Every format by name; a new one is one file, one line here and its name in the config."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from kodgen.formats import kodcode, trl_sft
from kodgen.formats.base import Format

_ALL: tuple[Format[Any], ...] = (
    kodcode.FORMAT,
    trl_sft.FORMAT,
)
FORMATS: Mapping[str, Format[Any]] = MappingProxyType({form.config: form for form in _ALL})
