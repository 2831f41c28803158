"""Trainers' own code reads what is exported; each test needs its trainer, and skips without."""

import importlib.util
import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
import yaml

from kodgen.config import Pipeline
from kodgen.engine.dataset import Rows, write_dataset
from kodgen.formats.registry import FORMATS
from tests.formats.samples import CHECKED, CLASSES, completed, pair, response, trials

TRIPLETS = (CHECKED, completed(CHECKED), CLASSES)
TEMPLATE = (
    "{% for message in messages %}<{{ message.role }}>{{ message.content }}</s>{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)
ANSWER = f"<think>\nSum them.\n</think>\n\n{response(CHECKED).answer}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    data = {
        "name": "small",
        "llm": {"backend": "recorded", "paths": ["c.jsonl"], "model": "m"},
        "subsets": [{"name": "A", "method": "given", "seeds": [{"path": "q.csv"}]}],
        "export": {"formats": tuple(FORMATS)},
    }
    read = Rows(
        lambda: ((one, trials(one.question_id)) for one in TRIPLETS),
        lambda: ((one, [response(one)], [response(one, 1, "failed")]) for one in TRIPLETS),
        lambda: (pair(one) for one in TRIPLETS),
    )
    place = tmp_path_factory.mktemp("loaders")
    os.environ["HF_HOME"] = str(place / "cache")
    built = Pipeline.model_validate(data | {"respond": {}, "prefer": {}})
    write_dataset(place / "dataset", built, read)
    return place / "dataset"


@pytest.fixture(scope="module")
def tokenizer():
    """A tokenizer of characters, with a chat template; no download."""
    tokenizers = pytest.importorskip("tokenizers")
    transformers = pytest.importorskip("transformers")
    alphabet = sorted({chr(code) for code in range(32, 127)} | {"\n", "\t"})
    vocabulary = {text: number for number, text in enumerate(["<unk>", "</s>", *alphabet])}
    model = tokenizers.models.WordLevel(vocabulary, unk_token="<unk>")
    raw = tokenizers.Tokenizer(model)
    raw.pre_tokenizer = tokenizers.pre_tokenizers.Split(tokenizers.Regex("."), "isolated")
    raw.decoder = tokenizers.decoders.Fuse()
    made = transformers.PreTrainedTokenizerFast(
        tokenizer_object=raw, unk_token="<unk>", eos_token="</s>", pad_token="</s>"
    )
    made.chat_template = TEMPLATE
    return made


def rows(folder, config, split="train"):
    datasets = pytest.importorskip("datasets")
    return datasets.load_dataset(str(folder), config, split=split)


@pytest.mark.parametrize("name", FORMATS)
def test_datasets(folder, name):
    loaded = rows(folder, name)
    expected = {"kodcode_sft": 3, "trl_kto": 6}.get(name, 3)
    assert len(loaded) == expected


def test_trl_tells_the_kinds_of_rows(folder):
    trl = pytest.importorskip("trl")
    for name in ("trl_sft", "trl_grpo", "trl_dpo", "trl_kto"):
        assert trl.data_utils.is_conversational(rows(folder, name)[0]), name
    wanted = trl.data_utils.unpair_preference_dataset(
        rows(folder, "trl_dpo").select_columns(["prompt", "chosen", "rejected"])
    )
    ours = rows(folder, "trl_kto").select_columns(["prompt", "completion", "label"])
    key = lambda row: json.dumps([row["prompt"], row["completion"], row["label"]])  # noqa: E731
    assert sorted(map(key, ours)) == sorted(map(key, wanted))


def test_trl_applies_a_chat_template(folder, tokenizer):
    trl = pytest.importorskip("trl")
    (row, *_) = rows(folder, "trl_dpo")
    said = trl.data_utils.apply_chat_template(row, tokenizer)
    assert said["prompt"] == "<user>Add two numbers.</s><assistant>"
    assert said["chosen"].startswith("```python\ndef add")


def test_trl_reads_the_starting_point(folder, monkeypatch):
    trl = pytest.importorskip("trl")
    monkeypatch.chdir(folder / "training")
    parser = trl.TrlParser((trl.ScriptArguments, trl.SFTConfig, trl.ModelConfig))
    # Whether this machine's processor has bfloat16 is of no matter here.
    arguments = ["--config", "trl_sft.yaml", "--use_cpu", "true"]
    script, training, model = parser.parse_args_and_config(args=arguments)
    assert model.model_name_or_path
    assert (training.learning_rate, training.warmup_steps, training.max_length) == (
        1e-5,
        100,
        16_384,
    )
    loaded = rows(script.dataset_name, script.dataset_config, script.dataset_train_split)
    assert len(loaded) == 3


def test_trl_takes_every_value_of_the_sweep(folder, monkeypatch):
    trl = pytest.importorskip("trl")
    monkeypatch.chdir(folder / "training")
    parser = trl.TrlParser((trl.ScriptArguments, trl.SFTConfig, trl.ModelConfig))
    sweep = yaml.safe_load((folder / "training" / "trl_sft_sweep.yaml").read_text())
    for key, one in sweep["parameters"].items():
        for value in one["values"]:
            arguments = ["--config", "trl_sft.yaml", f"--{key}={value}", "--use_cpu=true"]
            _, training, _ = parser.parse_args_and_config(args=arguments)
            assert getattr(training, key) == value


def test_verl_reads_tasks(folder, tokenizer):
    pytest.importorskip("verl")
    from omegaconf import OmegaConf
    from verl.utils.dataset.rl_dataset import RLHFDataset

    config = OmegaConf.create(
        {"max_prompt_length": 1000, "cache_dir": str(folder.parent), "return_raw_chat": True}
    )
    (file,) = (folder / "verl_rl").glob("train-*.parquet")
    data = RLHFDataset(str(file), tokenizer, config)
    assert len(data) == 3
    row = data[0]
    assert row["data_source"] == "kodgen"
    assert json.loads(row["reward_model"]["ground_truth"])["pytest"] == CHECKED.test
    assert row["index"] == row["extra_info"]["index"]


def test_verl_finds_the_reward_function(folder):
    pytest.importorskip("verl")
    from omegaconf import OmegaConf
    from verl.trainer.ppo.reward import get_custom_reward_fn

    path = str(folder / "verl_rl" / "reward_kodgen.py")
    limits = {"accept_no_isolation": True, "workers": 1}
    about = {"path": path, "name": "compute_score", "reward_kwargs": {"sandbox": limits}}
    reward = get_custom_reward_fn(OmegaConf.create({"reward": {"custom_reward_function": about}}))
    row = rows(folder, "verl_rl")[0]
    truth = row["reward_model"]["ground_truth"]
    asked = {"data_source": "kodgen", "ground_truth": truth, "extra_info": row["extra_info"]}
    assert reward(solution_str=ANSWER, **asked) == 1.0
    assert reward(solution_str=ANSWER.replace("a + b", "a - b"), **asked) == 0.0


def test_verl_reads_chats(folder, tokenizer):
    pytest.importorskip("verl")
    from omegaconf import OmegaConf
    from verl.utils.dataset.multiturn_sft_dataset import MultiTurnSFTDataset

    (file,) = (folder / "verl_sft").glob("train-*.parquet")
    config = OmegaConf.create({"max_length": 2000, "truncation": "error", "pad_mode": "no_padding"})
    data = MultiTurnSFTDataset(str(file), tokenizer, config)
    assert len(data) == 3
    row = data[0]
    learned = row["input_ids"][row["loss_mask"].bool()]
    assert "def add(a, b)" in tokenizer.decode(learned)
    assert "Add two numbers" not in tokenizer.decode(learned)


def test_openrlhf_reads_tasks(folder, tokenizer):
    pytest.importorskip("openrlhf")
    from openrlhf.datasets.prompts_dataset import PromptDataset
    from openrlhf.datasets.reward_dataset import preprocess_data as preferred
    from openrlhf.datasets.sft_dataset import preprocess_data as taught

    data = SimpleNamespace(input_key="input", label_key="label", apply_chat_template=True)
    strategy = SimpleNamespace(args=SimpleNamespace(data=data), is_rank_0=lambda: False)
    source, prompt, label, _ = PromptDataset(rows(folder, "openrlhf_rl"), tokenizer, strategy)[0]
    assert source == "kodgen"
    assert prompt.startswith("<user>Add two numbers.")
    assert json.loads(label)["pytest"] == CHECKED.test

    template = tokenizer.apply_chat_template
    row = rows(folder, "openrlhf_sft")[0]
    _, answer = taught(row, output_key="output", apply_chat_template=template)
    assert answer == f"{ANSWER}</s>"
    row = rows(folder, "openrlhf_dpo")[0]
    prompt, chosen, rejected, margin = preferred(row, None, "prompt", apply_chat_template=template)
    assert (prompt, margin) == ("<user>Add two numbers.</s><assistant>", 0)
    assert "a + b" in chosen
    assert "a - b" in rejected


def test_openrlhf_finds_the_reward_function(folder):
    pytest.importorskip("torch")
    path = folder / "openrlhf_rl" / "reward_kodgen.py"
    spec = importlib.util.spec_from_file_location("reward_func", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    row = rows(folder, "openrlhf_rl")[0]
    prompt = f"<user>{row['input']}</s><assistant>"
    given = module.reward_func([prompt + ANSWER, prompt], [prompt] * 2, [row["label"]] * 2)
    assert given["rewards"].tolist() == [1.0, 0.0]


def test_llama_factory_reads_chats_and_pairs(folder):
    pytest.importorskip("llamafactory")
    from llamafactory.data.converter import align_dataset
    from llamafactory.data.parser import get_dataset_list

    settings = SimpleNamespace(
        preprocessing_num_workers=None, overwrite_cache=True, streaming=False, media_dir=None
    )
    training = SimpleNamespace(local_process_index=0)
    for config, ranking in (("llama_factory_sft", False), ("llama_factory_dpo", True)):
        (about,) = get_dataset_list([f"{config}_train"], str(folder / config))
        assert (about.load_from, about.ranking) == ("file", ranking)
        assert (folder / config / about.dataset_name).is_file()
        aligned = align_dataset(rows(folder, config), about, settings, training)
        assert aligned[0]["_prompt"] == [{"role": "user", "content": "Add two numbers."}]
        assert len(aligned[0]["_response"]) == 1 + ranking
        assert "def add(a, b)" in aligned[0]["_response"][0]["content"]


def test_llama_factory_reads_the_starting_point(folder):
    pytest.importorskip("llamafactory")
    from llamafactory.data.parser import get_dataset_list

    settings = yaml.safe_load((folder / "training" / "llama_factory_sft.yaml").read_text())
    place = folder / "training" / settings["dataset_dir"]
    (about,) = get_dataset_list(settings["dataset"].split(","), str(place))
    assert (place / about.dataset_name).is_file()


def test_verifiers_loads_and_scores_the_taskset(folder):
    pytest.importorskip("verifiers")
    script = """
import asyncio, sys
import kodgen.rewards.grading as grading
from verifiers.v1.utils.loaders import taskset_class
taskset = taskset_class("kodgen-v1")
from kodgen_v1 import KodgenTasksetConfig

one = grading.grader({"accept_no_isolation": True, "workers": 1})
grading.grader.__globals__["_grader"] = lambda *_: one
tasks = list(taskset(KodgenTasksetConfig(id="kodgen-v1", dataset=sys.argv[1])))
class Trace:
    last_reply = sys.argv[2]
print(len(tasks), len({task.key for task in tasks}), tasks[0].data.prompt.splitlines()[0])
print(asyncio.run(tasks[0].passed(Trace)), asyncio.run(tasks[2].passed(Trace)))
"""
    places = [str(folder / "environments" / "kodgen_v1"), *sys.path]
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder), ANSWER],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(places)},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-2:] == ["3 3 Add two numbers.", "1.0 0.0"]
