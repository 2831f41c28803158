"""Where to start training from: configs with KodCode's recipe, and a grid around it.

The recipe is the paper's (arXiv 2503.02951): AdamW at 1e-5 with a cosine schedule and
100 steps of warm-up, 128 rows a step, 16,384 tokens, 2 epochs of more than 20,000 rows and 3 of
fewer. The grid spans it and the one of a published sweep of OSS-Instruct data (3 epochs, 256 rows
a step, warm-up of 0.03): its other learning rates are half and double, where both have 1e-5.
"""

from collections.abc import Mapping
from typing import Any

from kodgen.formats.base import Written
from kodgen.formats.dataset_info import names
from kodgen.formats.rendering import rendered

FOLDER = "training"
"""Where the files are run: `load_dataset` reads `..`, but can't read `.`, which has no name."""
MODEL = "Qwen/Qwen2.5-Coder-7B-Instruct"
"""Of the family that the paper trains; to be replaced by the model at hand."""
GPUS = 8
BATCH = 128
TOKENS = 16_384
MANY_ROWS = 20_000
GRID: Mapping[str, list[Any]] = {
    "num_train_epochs": [2, 3],
    "gradient_accumulation_steps": [BATCH // GPUS, 2 * BATCH // GPUS],
    "learning_rate": [5e-6, 1e-5, 2e-5],
    "lr_scheduler_type": ["cosine", "linear"],
    "warmup_steps": [100, 0.03],
}
"""By the names that both trainers have. Below 1, warm-up is a share of all steps."""


def starting_points(written: Mapping[str, Written]) -> dict[str, str]:
    """Files for those configs that are there and have rows, by path in the dataset's folder."""
    files: dict[str, str] = {}
    trl, factory = written.get("trl_sft"), written.get("llama_factory_sft")
    if trl is not None and trl.rows:
        settings = {
            "model_name_or_path": MODEL,
            "dataset_name": "..",
            "dataset_config": "trl_sft",
            **_evaluated(trl, {"eval_strategy": "epoch"}),
            "max_length": TOKENS,
            **_recipe(trl),
            "output_dir": "trained",
        }
        files |= _config("trl_sft.yaml", "trl sft --config", settings)
        files |= _sweep("trl_sft", ["trl", "sft", "--config"], "${args}")
    if factory is not None and factory.rows:
        test = names("llama_factory_sft", factory, "test")
        settings = {
            "model_name_or_path": MODEL,
            "stage": "sft",
            "do_train": True,
            "finetuning_type": "full",
            "dataset_dir": "../llama_factory_sft",
            "dataset": ",".join(names("llama_factory_sft", factory, "train")),
            **_evaluated(factory, {"eval_dataset": ",".join(test), "eval_strategy": "epoch"}),
            "template": "qwen",
            "cutoff_len": TOKENS,
            **_recipe(factory),
            "output_dir": "trained",
        }
        files |= _config("llama_factory_sft.yaml", "llamafactory-cli train", settings)
        files |= _sweep("llama_factory_sft", ["llamafactory-cli", "train"], "${args_no_hyphens}")
    return files


def _recipe(written: Written) -> dict[str, Any]:
    return {
        "num_train_epochs": 2 if written.rows.get("train", 0) > MANY_ROWS else 3,
        "per_device_train_batch_size": 1,
        "gradient_accumulation_steps": BATCH // GPUS,
        "learning_rate": 1e-5,
        "lr_scheduler_type": "cosine",
        "warmup_steps": 100,
        "optim": "adamw_torch",
        "bf16": True,
        "gradient_checkpointing": True,
        "logging_steps": 1,
        "save_strategy": "epoch",
    }


def _evaluated(written: Written, settings: dict[str, Any]) -> dict[str, Any]:
    return settings if "test" in written.rows else {}


def _config(name: str, command: str, settings: Mapping[str, Any]) -> dict[str, str]:
    text = rendered(
        "training.yaml.j2", command=f"{command} {name}", gpus=GPUS, settings=_yaml(settings)
    )
    return {f"{FOLDER}/{name}": text}


def _sweep(name: str, command: list[str], arguments: str) -> dict[str, str]:
    grid = {
        "method": "grid",
        "command": [*command, f"{name}.yaml", arguments],
        "parameters": {key: {"values": values} for key, values in GRID.items()},
    }
    file = f"{name}_sweep.yaml"
    return {
        f"{FOLDER}/{file}": rendered("sweep.yaml.j2", file=file, gpus=GPUS, settings=_yaml(grid))
    }


def _yaml(settings: Mapping[str, Any]) -> str:
    import yaml

    return yaml.safe_dump(dict(settings), sort_keys=False)
