"""LLaMA-Factory's `dataset_info.json`: what it is to read, and under which column names."""

import json
from collections.abc import Mapping
from typing import Any

from kodgen.formats.base import Written

TAGS = {
    "role_tag": "role",
    "content_tag": "content",
    "user_tag": "user",
    "assistant_tag": "assistant",
    "system_tag": "system",
}
"""A tag that is left out here is none at all in LLaMA-Factory, not its default."""


def names(config: str, written: Written, split: str) -> list[str]:
    """The datasets that LLaMA-Factory knows a split by: one for each file, as it reads one each."""
    files = written.files.get(split, ())
    if len(files) <= 1:
        return [f"{config}_{split}" for _ in files]
    return [f"{config}_{split}_{number:05d}" for number in range(len(files))]


def dataset_info(config: str, written: Written, about: Mapping[str, Any]) -> dict[str, str]:
    """The file, for a config whose every file is described alike."""
    entries = {
        name: {"file_name": file, **about}
        for split, files in written.files.items()
        for name, file in zip(names(config, written, split), files, strict=True)
    }
    return {f"{config}/dataset_info.json": json.dumps(entries, indent=2) + "\n"}
