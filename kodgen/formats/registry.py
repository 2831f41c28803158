"""Every format by name; a new one is one file and one line here."""

from collections.abc import Mapping
from types import MappingProxyType

from kodgen.formats import kodcode, trl_sft
from kodgen.formats.base import Format

FORMATS: Mapping[str, Format] = MappingProxyType(
    {module.FORMAT.config: module.FORMAT for module in (kodcode, trl_sft)}
)
