"""The pipelines that ship with kodgen, each built in small against a server, sources in small.

Only what is not here is replaced: models by the replay server, what the Hub or a checkout would
give by a few rows in the shape that it has there.
"""

import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kodgen.pipeline.file import read_pipeline
from kodgen.records import content_hash
from kodgen.seeds.presets import PRESETS
from tests import building
from tests.building import kodgen, rows, sealed_digests, stored_requests
from tests.replay_server import ReplayServer

pytestmark = pytest.mark.usefixtures("shared_ray")

NOUNS = [
    "ferries",
    "parcels",
    "lamps",
    "orchards",
    "tickets",
    "bridges",
    "kettles",
    "archives",
    "anchors",
    "meadows",
]
VERBS = [
    "counts",
    "sorts",
    "merges",
    "splits",
    "rotates",
    "filters",
    "ranks",
    "pairs",
    "flattens",
    "compresses",
]


def task(key: str) -> str:
    """A task of its own for every key, so that no two are near each other."""
    number = int(content_hash(key), 16)
    noun, verb = NOUNS[number % 10], VERBS[number // 10 % 10]
    return (
        f"a Python function `{verb}_{noun}_{number % 9973}(items)` that {verb} {noun} by rule "
        f"{number % 9973}-{number // 9973 % 9973} and returns the result for a list of integers."
    )


def reply(body: dict[str, Any], request: str) -> str:
    """What a model might say: a question, tags, or a solution with its tests."""
    if request.startswith("annotate/"):
        return json.dumps(
            {
                "quality": "good",
                "category": "Function Generation",
                "language": "python",
                "libraries": [],
                "stdin": "no",
            }
        )
    if request.startswith("solve/"):
        return building.GOOD
    if "messages" not in body:
        begun = "Write a python function to"
        return task(request) if begun in body["prompt"] else f"Write {task(request)}"
    return f"<analysis>\nfine\n</analysis>\n<question>\nWrite {task(request)}\n</question>"


def table(folder: Path, preset: str) -> Path:
    """Four rows in the shape of a preset's dataset."""
    section = PRESETS[preset]
    names = {section.text} if section.template is None else {"instruction", "input"}
    names |= {name for name in (section.id, section.license_column) if name}
    data: dict[str, list[Any]] = {
        name: [f"{preset} {name} {number}: find the best of many." for number in range(4)]
        for name in sorted(names)
    }
    data |= {name: [values[0]] * 4 for name, values in section.where.items()}
    path = folder / f"{preset}.parquet"
    pq.write_table(pa.table(data), path)
    return path


def page(number: int) -> str:
    sentence = f"Call `gather({number})` to collect what the earlier steps of run {number} left. "
    return f"# Part {number}\n\n{sentence * 12}\n\n```python\ngather({number})\n```\n"


def checkout(folder: Path) -> Path:
    """A folder of code and documentation."""
    for name in ("one", "two", "three"):
        (folder / f"{name}.py").write_text(
            f'def {name}(values):\n    """Sum of what is above {len(name)}."""\n'
            f"    total = 0\n    for value in values:\n        if value > {len(name)}:\n"
            "            total += value\n    return total\n"
        )
    for number in range(3):
        (folder / f"page{number}.md").write_text(page(number))
    return folder


def settings(pipeline: str, folder: Path, url: str) -> list[str]:
    """Overrides that put a shipped pipeline on the ground that a test has."""
    shipped = read_pipeline(Path(pipeline))
    server = {"backend": "openai", "base_url": url, "raw_completions": True, "user_turn": "<u>"}
    found = [f"runs={folder / 'runs'}", "deduplicate.embedder=hashing"]
    found += [
        "deduplicate.threshold=0.98",
        "decontaminate={}",
        "sandbox.python=null",
        "sandbox.workers=1",
    ]
    if building.ray_address is not None:
        found.append(f"engine.ray_address={building.ray_address}")
    if shipped.models:
        found += [f"models.{n}={json.dumps(server | {'model': n})}" for n in shipped.models]
    else:
        found.append(f"llm={json.dumps(server | {'model': 'm'})}")
    source = checkout(folder)
    for subset in shipped.subsets:
        if subset.weight is None:
            count = 3 if len(subset.llms) > 1 else 2
            found.append(f"subsets.{subset.name}.count={count}")
        for index, section in enumerate(subset.seeds):
            place = f"subsets.{subset.name}.seeds" + (f".{index}" if len(subset.seeds) > 1 else "")
            there = table(folder, section.preset) if section.type == "preset" else source
            found.append(f"{place}.path={there}")
    if shipped.questions is not None:
        found.append("questions=4")
    return found


def build(pipeline: str, folder: Path, server: ReplayServer) -> Path:
    folder.mkdir(exist_ok=True)
    overrides = [part for one in settings(pipeline, folder, server.url) for part in ("--set", one)]
    done = kodgen("build", pipeline, *overrides, timeout=500)
    assert done.returncode == 0, done.stderr
    (run,) = (folder / "runs").iterdir()
    return run


@pytest.fixture(scope="module")
def kodcode(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with ReplayServer(reply) as server:
        return build("kodcode-v1", tmp_path_factory.mktemp("kodcode") / "one", server)


def test_every_subset_of_kodcode_v1_has_questions_with_their_lineage(kodcode: Path) -> None:
    seeds = {s["id"]: s for draw in rows(kodcode, "seeds") for s in draw["seeds"]}
    drawn = {draw["id"]: draw for draw in rows(kodcode, "seeds")}
    questions = rows(kodcode, "synthesize")
    subsets = [subset.name for subset in read_pipeline(Path("kodcode-v1")).subsets]
    assert sorted({row["subset"] for row in questions}) == sorted(subsets)
    for row in questions:
        draw = drawn[row["id"]]
        assert row["seed_ids"] == [seed["id"] for seed in draw["seeds"]]
        assert row["licenses"] == sorted({seeds[one]["license"] for one in row["seed_ids"]})
        shots = {"Leetcode": 3, "Prefill": 0, "Filter": 0}.get(row["subset"], 1)
        assert len(row["seed_ids"]) == shots
    licences = {row["subset"]: row["licenses"] for row in questions}
    assert licences["Algorithm"] == ["MIT"]
    assert licences["Docs"] == ["BSD-3-Clause"]
    assert licences["Leetcode"] == ["unknown"]
    assert licences["Prefill"] == []


def test_models_of_a_subset_take_turns_and_only_filter_is_annotated(kodcode: Path) -> None:
    questions = rows(kodcode, "annotate")
    assert {row["model"] for row in questions if row["subset"] == "Prefill"} == {"qwen-coder-7b"}
    writers = [row["model"] for row in questions if row["subset"] == "Filter"]
    assert len(set(writers)) == len(writers) == 3
    assert {row["model"] for row in questions if row["subset"] == "Apps"} == {"teacher"}
    annotated = {row["subset"] for row in questions if row["annotation"] is not None}
    assert annotated == {"Filter"}


def test_the_same_seed_gives_the_same_seeds_prompts_and_ids(kodcode: Path, tmp_path: Path) -> None:
    def asked(run: Path) -> set[str]:
        return stored_requests(run)

    with ReplayServer(reply) as server:
        again = build("kodcode-v1", tmp_path / "two", server)
    assert sealed_digests(again) == sealed_digests(kodcode)
    assert asked(again) == asked(kodcode)


@pytest.mark.parametrize("pipeline", ["oss-instruct", "my-docs", "my-repo"])
def test_a_shipped_pipeline_runs_in_preview(pipeline: str, tmp_path: Path) -> None:
    with ReplayServer(reply) as server:
        given = [
            part for one in settings(pipeline, tmp_path, server.url) for part in ("--set", one)
        ]
        done = kodgen("preview", pipeline, "-n", "2", *given)
    assert done.returncode == 0, done.stderr
    shown = re.findall(r"^question:\S+  \[easy, passes 111\]$", done.stdout, re.MULTILINE)
    assert len(shown) >= 2, done.stdout


def test_shipped_pipelines_are_listed_and_shown_as_they_are() -> None:
    listed = kodgen("show")
    assert {line.split()[0] for line in listed.stdout.splitlines()} == {
        "dpo",
        "kodcode-v1",
        "my-docs",
        "my-repo",
        "oss-instruct",
        "quickstart",
        "rl",
        "sft-deep",
        "sft-diverse",
    }
    shown = kodgen("show", "my-docs")
    assert shown.stdout.startswith("# Exercises on your own library")
    missing = kodgen("show", "my-doc")
    assert missing.returncode == 2
    assert "there are dpo, kodcode-v1" in missing.stderr
