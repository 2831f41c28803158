"""Loads every config of a folder as its users will: with `datasets`, in a process of its own."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kodgen.engine.releasing.stopping import Failed
from kodgen.hub.facts import Config

LOAD = """
import json, sys
from datasets import load_dataset
found = {}
for config in json.loads(sys.argv[2]):
    try:
        splits = load_dataset(sys.argv[1], config)
        found[config] = {name: rows.num_rows for name, rows in splits.items()}
    except Exception as error:
        found[config] = f"{type(error).__name__}: {error}"
print(json.dumps(found))
"""
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
}
"""Makes libraries of Hugging Face reach for no network."""


def check_loading(folder: Path, configs: Sequence[Config], scratch: Path) -> list[Failed]:
    """Configs that do not load, or give other rows than the release says.

    Args:
        folder: Of the release.
        configs: As its card has them.
        scratch: A folder on a disk with room for all rows, which `datasets` writes out again.
    """
    names = [config.name for config in configs]
    with tempfile.TemporaryDirectory(dir=scratch, prefix="loading-") as cache:
        done = subprocess.run(  # noqa: S603 (our own code, on our own folder)
            [sys.executable, "-c", LOAD, str(folder.absolute()), json.dumps(names)],
            env={**os.environ, **OFFLINE, "HF_HOME": cache, "HF_DATASETS_CACHE": cache},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()[-1:]
        return [Failed("loads with `datasets`", f"the loader itself failed: {' '.join(said)}")]
    found: Mapping[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return [one for config in configs for one in _compare(config, found[config.name])]


def _compare(config: Config, found: Any) -> list[Failed]:
    said = {split.name: split.rows for split in config.splits}
    if found == said:
        return []
    if isinstance(found, str):
        what = f"`load_dataset` fails: {found}"
    else:
        what = f"`load_dataset` gives {found}, but provenance/manifest.json says {said}"
    return [Failed("loads with `datasets`", what, (f"config {config.name}",))]
