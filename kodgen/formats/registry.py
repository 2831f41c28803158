"""Every format by name; a new one is one file, one line here and its name in the config."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from kodgen.formats import (
    alpaca,
    axolotl_dpo,
    axolotl_sft,
    kodcode,
    kodcode_sft,
    llama_factory_dpo,
    llama_factory_sft,
    nemo_rl_dpo,
    nemo_rl_grpo,
    nemo_rl_sft,
    openrlhf_dpo,
    openrlhf_rl,
    openrlhf_sft,
    skyrl,
    trl_dpo,
    trl_grpo,
    trl_kto,
    trl_sft,
    verifiers,
    verl_rl,
    verl_sft,
)
from kodgen.formats.base import Format

_ALL: tuple[Format[Any], ...] = (
    kodcode.FORMAT,
    kodcode_sft.FORMAT,
    trl_sft.FORMAT,
    trl_grpo.FORMAT,
    trl_dpo.FORMAT,
    trl_kto.FORMAT,
    verl_rl.FORMAT,
    verl_sft.FORMAT,
    openrlhf_sft.FORMAT,
    openrlhf_rl.FORMAT,
    openrlhf_dpo.FORMAT,
    llama_factory_sft.FORMAT,
    llama_factory_dpo.FORMAT,
    axolotl_sft.FORMAT,
    axolotl_dpo.FORMAT,
    nemo_rl_sft.FORMAT,
    nemo_rl_grpo.FORMAT,
    nemo_rl_dpo.FORMAT,
    skyrl.FORMAT,
    verifiers.FORMAT,
    alpaca.FORMAT,
)
FORMATS: Mapping[str, Format[Any]] = MappingProxyType({form.config: form for form in _ALL})
