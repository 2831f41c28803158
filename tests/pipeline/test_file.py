import json
from pathlib import Path
from typing import Any

import pytest

from kodgen.config import OpenAILLM, Pipeline, RecordedLLM
from kodgen.errors import ConfigError
from kodgen.pipeline.file import pipeline_schema, read_pipeline, shipped_pipelines

GOOD = """\
name: run
llm:
  backend: recorded
  paths: [c.jsonl]
subsets:
  - name: Algorithm
    method: snippet
    seeds:
      path: a.jsonl
    count: 3
  - name: v1.5
    method: given
    seeds: {type: folder, path: q}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "p.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(folder: Path, text: str, *overrides: str) -> list[str]:
    """The message's lines, the file's path cut off their beginnings."""
    path = write(folder, text)
    with pytest.raises(ConfigError) as caught:
        read_pipeline(path, overrides)
    return [line.removeprefix(f"{path}:").strip() for line in str(caught.value).splitlines()]


def test_a_good_file_is_a_pipeline_that_knows_its_folder(tmp_path: Path) -> None:
    pipeline = read_pipeline(write(tmp_path, GOOD))
    assert [subset.name for subset in pipeline.subsets] == ["Algorithm", "v1.5"]
    assert pipeline.resolve(Path("a.jsonl")) == tmp_path / "a.jsonl"
    assert isinstance(pipeline.llm, RecordedLLM)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        # unknown keys
        (("count: 3", "cuont: 3"), "10: subsets.0.cuont: unknown key; did you mean `count`?"),
        (
            ("backend: recorded", "backend: recorded\n  pahts: [d]"),
            "4: llm.pahts: unknown key; did you mean `paths`?",
        ),
        (
            ("path: q}", "pth: q, path: q}"),
            "13: subsets.1.seeds.pth: unknown key; did you mean `path`?",
        ),
        (
            ("path: a.jsonl", "path: a.jsonl\n      glob: '*'"),
            (
                "10: subsets.0.seeds.glob: unknown key; it belongs in subsets.*.seeds "
                "(type: code) or subsets.*.seeds (type: documentation) or subsets.*.seeds "
                "(type: folder); known here: type, name, license, weight, url, text, template, "
                "id, license_column, weight_column, where, path"
            ),
        ),
        (
            ("backend: recorded", "backend: recorded\n  temperature: 1"),
            (
                "4: llm.temperature: unknown key; it belongs in annotate.sampling or respond.sampling or "
                "restyle.sampling or solve.sampling or "
                "subsets.*.sampling or synthesize.sampling; known here: backend, model, paths, concurrency, "
                "give_up_seconds, retries, price"
            ),
        ),
        (("name: run", "name: run\nsolv: {}"), "2: solv: unknown key; did you mean `solve`?"),
        # wrong types
        (
            ("count: 3", "count: abc"),
            "10: subsets.0.count: expected a whole number, got 'abc'",
        ),
        (
            ("count: 3", "count: '3'"),
            "10: subsets.0.count: expected a whole number, got '3'; remove the quotes",
        ),
        (("count: 3", "count: yes"), "10: subsets.0.count: expected a whole number, got true"),
        (("count: 3", "count: 3.5"), "10: subsets.0.count: expected a whole number, got 3.5"),
        (("name: run", "name: 7"), "1: name: expected text, got 7; quote it"),
        (
            ("name: run", "name: no"),
            "1: name: expected text, got false; put it in quotes as it was written",
        ),
        (
            ("paths: [c.jsonl]", "paths: c.jsonl"),
            "4: llm.paths: expected a list, got 'c.jsonl'; write [c.jsonl]",
        ),
        (
            ("name: run", "name: run\nsolve:"),
            "2: solve: expected a mapping of keys, got nothing; fill it in or remove the key",
        ),
        (
            ("{type: folder, path: q}", "q"),
            "13: subsets.1.seeds: expected a mapping of keys, got 'q'",
        ),
        # out of range
        (("count: 3", "count: 0"), "10: subsets.0.count: must be at least 1, got 0"),
        (
            ("name: run", "name: run\ndeduplicate: {threshold: 1.5}"),
            "2: deduplicate.threshold: must be at most 1, got 1.5",
        ),
        (
            ("name: run", "name: run\ndeduplicate: {threshold: 0}"),
            "2: deduplicate.threshold: must be more than 0, got 0",
        ),
        (
            ("name: run", "name: run\nsolve: {sampling: {temperature: .nan}}"),
            "2: solve.sampling.temperature: expected a finite number, got nan",
        ),
        (("[c.jsonl]", "[]"), "4: llm.paths: needs at least 1 entry; add one"),
        (
            ("name: run", "name: 9 lives"),
            "1: name: '9 lives' is no name; use letters, digits, `_`, `.`, `-`, a letter first",
        ),
        # kinds and choices
        (
            ("backend: recorded", "backend: recoded"),
            (
                "3: llm.backend: expected one of recorded, openai, vllm; got 'recoded'; "
                "did you mean recorded?"
            ),
        ),
        (
            ("backend: recorded", "model: m"),
            "2: llm.backend: missing; one of recorded, openai, vllm",
        ),
        (
            ("type: folder", "type: foldr"),
            (
                "13: subsets.1.seeds.type: expected one of table, folder, code, documentation, "
                "hub, preset; got 'foldr'; "
                "did you mean folder?"
            ),
        ),
        (
            ("method: snippet", "method: snipet"),
            (
                "7: subsets.0.method: expected one of assessment, documentation, evolve, given, "
                "magpie, oss_instruct, prefill, snippet; got 'snipet'; did you mean snippet?"
            ),
        ),
        # missing keys and whole sections
        (("name: run", ""), "2: name: missing; Name of the run; its directory is `<runs>/<name>`."),
        (
            ("path: a.jsonl", "text: t"),
            "8: subsets.0.seeds.path: missing; The file; relative to the pipeline file.",
        ),
        (
            ("method: given", "method: prefill\n    count: 2"),
            "14: subsets.1.seeds: prefill uses no seeds; remove `seeds`",
        ),
        (("v1.5", "Algorithm"), "two subsets are named 'Algorithm'; names must differ"),
        (
            ("name: run", "name: run\nexport: {formats: [kodcode, trl_dpo]}"),
            (
                "2: export.formats.1: 'trl_dpo' is made from pairs, which this pipeline makes "
                "none of; add a section `prefer`, or remove the format"
            ),
        ),
        # YAML
        (
            ("count: 3", "count: 3\n    count: 4"),
            "11: subsets.0.count: given twice, first on line 10; remove one of the two",
        ),
    ],
)
def test_one_mistake_is_one_line_that_says_where_what_and_what_was_meant(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    assert GOOD.count(change[0]) == 1
    assert mistakes(tmp_path, GOOD.replace(*change)) == [said]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = GOOD.replace("count: 3", "cuont: 3\n    count: x\n    count: 0")
    found = mistakes(tmp_path, text.replace("name: run", "name: 7"), "seed=x", "nothing")
    assert [line.split(": ")[:2] for line in found] == [
        ["1", "name"],
        ["10", "subsets.0.cuont"],
        ["12", "subsets.0.count"],
        ["--set seed=x", "expected a whole number, got 'x'"],
        ["--set nothing", "expected KEY=VALUE, such as solve.budget.hard=5"],
    ]


def test_overrides_set_keys_sections_entries_and_lists(tmp_path: Path) -> None:
    pipeline = read_pipeline(
        write(tmp_path, GOOD),
        [
            "solve.budget.hard=20",
            "solve.budget.hard=30",
            "subsets.0.count=5",
            "subsets.v1.5.budget.easy=4",
            "subsets.Algorithm.seeds.license=MIT",
            "llm={backend: openai, model: m, base_url: 'http://h:1/v1?a=b'}",
            "export.formats=[kodcode]",
            "deduplicate.threshold=9e-1",
        ],
    )
    assert pipeline.solve.budget.hard == 30
    assert pipeline.subsets[0].count == 5
    assert pipeline.subsets[1].budget.easy == 4
    assert [source.license for source in pipeline.subsets[0].seeds] == ["MIT"]
    assert isinstance(pipeline.llm, OpenAILLM)
    assert pipeline.llm.base_url == "http://h:1/v1?a=b"
    assert pipeline.export.formats == ("kodcode",)
    assert pipeline.deduplicate.threshold == 0.9


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("seed=-1", "must be at least 0, got -1"),
        ("seed", "expected KEY=VALUE, such as solve.budget.hard=5"),
        ("=5", "expected KEY=VALUE, such as solve.budget.hard=5"),
        ("solve..probe=5", "expected KEY=VALUE, such as solve.budget.hard=5"),
        ("solve.budgt.hard=5", "solve.budgt: unknown key; did you mean `budget`?"),
        ("solve.budget.hrad=5", "unknown key; did you mean `hard`?"),
        ("subsets.7.count=5", "subsets has 2 entries, counted from 0, so none is 7"),
        ("subsets.Algoritm.count=5", "subsets has no entry 'Algoritm'; there are: Algorithm, v1.5"),
        ("name.x=5", "name is 'run', which holds no keys"),
        ("subsets.0={name: B, method: snippet}", "snippet needs `seeds`: where its seeds are"),
        ("llm.paths.0=[", "the value is not YAML"),
        ("llm={a: 1, a: 2}", "the value given twice, first on line 1; remove one of the two"),
    ],
)
def test_a_wrong_override_is_named_as_it_was_written(
    tmp_path: Path, override: str, said: str
) -> None:
    (line,) = mistakes(tmp_path, GOOD, override)
    prefix = f"--set {override}: "
    assert line.startswith(prefix)
    assert said in line.removeprefix(prefix)


def test_an_override_mends_a_mistake_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace("count: 3", "count: x"))
    assert read_pipeline(path, ["subsets.Algorithm.count=4"]).subsets[0].count == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected a mapping of keys (`name`, `llm`, `subsets`, ...), got nothing"),
        ("- a\n", "expected a mapping of keys (`name`, `llm`, `subsets`, ...), got a list"),
    ],
)
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str, said: str) -> None:
    assert mistakes(tmp_path, text, "seed=1") == [said]


def test_broken_syntax_names_line_and_column(tmp_path: Path) -> None:
    (line,) = mistakes(tmp_path, GOOD.replace("[c.jsonl]", "[c.jsonl"))
    assert line.startswith("5:8: not YAML: ")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(b"name: \xff\n")
    with pytest.raises(ConfigError, match=r"not UTF-8 text \(byte 6\)"):
        read_pipeline(path)


def test_a_missing_file_is_told_with_the_closest_name(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (tmp_path / "mine.yaml").write_text(GOOD)
    with pytest.raises(ConfigError, match=r"mien.yaml: no such file; did you mean .*/mine.yaml"):
        read_pipeline(tmp_path / "mien.yaml")
    with pytest.raises(ConfigError, match=r"nor is there a folder .*/none"):
        read_pipeline(tmp_path / "none" / "p.yaml")
    with pytest.raises(ConfigError, match=r"is a folder; name a pipeline file; it holds mine.yaml"):
        read_pipeline(tmp_path)


def test_a_shipped_pipeline_is_found_by_name_unless_a_file_is_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "quickstart" in shipped_pipelines()
    ours = read_pipeline(Path("quickstart"))
    assert ours.base == shipped_pipelines()["quickstart"].parent
    with pytest.raises(ConfigError, match="no such file; did you mean quickstart"):
        read_pipeline(Path("quickstrat"))
    (tmp_path / "quickstart").write_text(GOOD)
    assert read_pipeline(Path("quickstart")).name == "run"


def test_the_schema_describes_a_file_to_editors(tmp_path: Path) -> None:
    schema = pipeline_schema()
    assert json.loads(json.dumps(schema)) == schema
    assert schema["title"] == "kodgen pipeline"
    assert schema["description"]
    assert set(schema["properties"]) == set(Pipeline.model_fields)
    assert schema["additionalProperties"] is False
    silent = [
        f"{name}.{key}"
        for name, section in schema["$defs"].items()
        for key, described in section["properties"].items()
        if not described.get("description")
    ]
    assert silent == []


def test_reading_changes_no_value_that_validating_would_not(tmp_path: Path) -> None:
    values: dict[str, Any] = {
        "name": "run",
        "llm": {"backend": "recorded", "paths": ["c.jsonl"]},
        "subsets": [{"name": "A", "method": "prefill", "count": 2}],
        "sandbox": {"cpu_seconds": 3},
    }
    assert read_pipeline(write(tmp_path, json.dumps(values))) == Pipeline.model_validate(values).at(
        tmp_path
    )
