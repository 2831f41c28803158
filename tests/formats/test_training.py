"""Configs to start training from."""

import yaml

from kodgen.formats.base import Written
from kodgen.formats.training import starting_points


def written(rows, files=1, test=0):
    names = {"train": tuple(f"train-{n:05d}-of-{files:05d}.parquet" for n in range(files))}
    counts = {"train": rows}
    if test:
        names["test"], counts["test"] = ("test-00000-of-00001.parquet",), test
    return Written("small", names, counts)


def read(files, name):
    return yaml.safe_load(files[f"training/{name}.yaml"])


def test_the_recipe():
    settings = read(starting_points({"trl_sft": written(20_001)}), "trl_sft")
    assert settings["learning_rate"] == 1e-5
    assert settings["lr_scheduler_type"] == "cosine"
    assert settings["warmup_steps"] == 100
    assert settings["max_length"] == 16_384
    assert settings["num_train_epochs"] == 2
    each = settings["per_device_train_batch_size"] * settings["gradient_accumulation_steps"]
    assert each * 8 == 128
    assert "eval_strategy" not in settings


def test_fewer_rows_are_gone_through_more_often():
    settings = read(starting_points({"trl_sft": written(20_000)}), "trl_sft")
    assert settings["num_train_epochs"] == 3


def test_a_test_split_is_evaluated():
    files = starting_points(
        {"trl_sft": written(9, test=1), "llama_factory_sft": written(9, test=1)}
    )
    assert read(files, "trl_sft")["eval_strategy"] == "epoch"
    assert read(files, "llama_factory_sft")["eval_dataset"] == "llama_factory_sft_test"


def test_every_file_of_a_dataset_is_trained_on():
    settings = read(
        starting_points({"llama_factory_sft": written(9, files=2)}), "llama_factory_sft"
    )
    assert settings["dataset"] == "llama_factory_sft_train_00000,llama_factory_sft_train_00001"


def test_a_sweep_varies_the_recipe():
    files = starting_points({"trl_sft": written(9)})
    recipe, sweep = read(files, "trl_sft"), read(files, "trl_sft_sweep")
    assert sweep["method"] == "grid"
    assert set(sweep["parameters"]) == {
        "num_train_epochs",
        "gradient_accumulation_steps",
        "learning_rate",
        "lr_scheduler_type",
        "warmup_steps",
    }
    for key, one in sweep["parameters"].items():
        assert recipe[key] in one["values"], key


def test_only_what_is_exported_has_a_starting_point():
    assert not starting_points({"kodcode": written(9)})
    assert not starting_points({"trl_sft": Written("small", {}, {})})
