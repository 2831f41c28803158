"""`verify`, `doctor` and `schema` as a user runs them."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kodgen.records import VerdictOutcome
from kodgen.sandbox.rules import FLAGS
from tests.building import jsonl, kodgen, pipeline_file
from tests.replay_server import ReplayServer

ADD = "def add(a, b):\n    return a + b"
TEST = "from solution import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n"
PAIRS = [
    {"id": "good", "solution": ADD, "test": TEST},
    {"id": "wrong", "solution": "def add(a, b):\n    return a - b", "test": TEST},
    {"id": "empty", "solution": "", "test": TEST},
    {"id": "loop", "solution": "def add(a, b):\n    while True: pass", "test": TEST},
    {"id": "quits", "solution": "import sys\nsys.exit(0)", "test": TEST},
    {"id": "good too", "solution": ADD, "test": TEST},
]
EXPECTED = ["passed", "failed", "error", "timeout", "error", "passed"]


def verify(source, output, *options):
    return kodgen("verify", source, "-o", output, "--cpu-seconds", "1", "--jobs", "1", *options)


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_verify_gives_one_verdict_per_row_in_their_order(tmp_path):
    done = verify(jsonl(tmp_path / "in.jsonl", PAIRS), tmp_path / "out.jsonl", "--json")
    assert done.returncode == 0, done.stderr
    rows = lines(tmp_path / "out.jsonl")
    assert [row["id"] for row in rows] == [pair["id"] for pair in PAIRS]
    assert [row["outcome"] for row in rows] == EXPECTED
    assert json.loads(done.stdout)["outcomes"] == {
        "passed": 2,
        "error": 2,
        "failed": 1,
        "timeout": 1,
    }
    good, _, empty, *_ = rows
    assert good["coverage"] == 100.0
    assert good["isolation"] == "namespaces"
    assert [(t["name"], t["outcome"]) for t in good["tests"]] == [("test_add", "passed")]
    assert list(good["tests"][0]) == ["name", "outcome", "seconds"]
    assert list(good) == [
        *("id", "outcome", "reason", "coverage", "tests", "wall_seconds", "cpu_seconds"),
        *("peak_memory_bytes", "isolation", "environment", "flags", "message"),
    ]
    assert good["peak_memory_bytes"] > 1_000_000
    assert empty["reason"] == "no_code"
    assert "row" in empty["message"] or "line 3" in empty["message"]


def test_verify_reads_parquet_and_other_columns(tmp_path):
    renamed = [
        {"question_id": p["id"], "code": p["solution"], "test_code": p["test"]} for p in PAIRS[:2]
    ]
    pq.write_table(pa.Table.from_pylist(renamed), tmp_path / "in.parquet")
    done = verify(tmp_path / "in.parquet", tmp_path / "out.jsonl")
    assert done.returncode == 3
    assert "'solution'" in done.stderr
    assert "--solution-column" in done.stderr
    done = verify(
        tmp_path / "in.parquet",
        tmp_path / "out.jsonl",
        "--solution-column=code",
        "--test-column=test_code",
    )
    assert done.returncode == 0, done.stderr
    assert [row["id"] for row in lines(tmp_path / "out.jsonl")] == ["good", "wrong"]


def test_verify_goes_on_after_a_broken_line(tmp_path):
    source = jsonl(tmp_path / "in.jsonl", PAIRS[:2])
    source.write_text('{"id": "torn", "sol\n' + source.read_text())
    done = verify(source, tmp_path / "out.jsonl")
    assert done.returncode == 0, done.stderr
    rows = lines(tmp_path / "out.jsonl")
    assert [row["outcome"] for row in rows] == ["error", "passed", "failed"]
    assert rows[0]["reason"] == "broken_line"


@pytest.mark.parametrize(
    ("content", "said"), [(None, "no such file"), ("", "nothing to verify"), ("[]", "no row")]
)
def test_verify_of_nothing_says_so(tmp_path, content, said):
    source = tmp_path / "in.jsonl"
    if content is not None:
        source.write_text(content)
    done = verify(source, tmp_path / "out.jsonl")
    assert done.returncode == 3
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_tries_the_isolation(tmp_path):
    done = kodgen("doctor", "--json")
    assert done.returncode == 0, done.stdout
    findings = json.loads(done.stdout)
    isolation = [finding for finding in findings if finding["what"].startswith("isolation")]
    assert len(isolation) >= 5
    used = next(finding for finding in isolation if "it is used" in finding["detail"])
    # Other levels, and cgroups, may be missing: this one does without them.
    assert used["ok"]
    assert sum(finding["ok"] for finding in isolation) >= 15
    assert all(finding["advice"] for finding in isolation if not finding["ok"])


def test_doctor_asks_the_pipeline_s_models(tmp_path):
    jsonl(tmp_path / "questions.jsonl", [{"question": "Add."}])
    with ReplayServer(lambda body, request: "pong") as server:
        file = pipeline_file(tmp_path, server.url)
        done = kodgen("doctor", file)
        assert done.returncode == 0, done.stdout
        assert "model 'm' (openai): answers" in done.stdout
        server.stop()
        done = kodgen("doctor", file, "--set", "llm.give_up_seconds=3")
    assert done.returncode == 6
    assert "FAIL model 'm'" in done.stdout


def test_schema_is_one_that_editors_can_use():
    schema = json.loads(kodgen("schema").stdout)
    assert schema["additionalProperties"] is False
    assert {"name", "llm", "subsets", "solve"} <= set(schema["properties"])
    assert all(value.get("description") for value in schema["properties"].values())


def test_verify_never_touches_its_input(tmp_path):
    source = jsonl(tmp_path / "in.jsonl", PAIRS[:1])
    (tmp_path / "link.jsonl").symlink_to(source)
    before = source.read_bytes()
    for output in (source, tmp_path / "link.jsonl"):
        done = verify(source, output)
        assert done.returncode == 2
        assert "is the input itself" in done.stderr
    assert source.read_bytes() == before


@pytest.mark.parametrize("output", ["missing/out.jsonl", ".", "/dev/full"])
def test_verify_says_that_its_output_can_t_be_written(tmp_path, output):
    done = verify(jsonl(tmp_path / "in.jsonl", PAIRS[:1]), tmp_path / output)
    assert done.returncode == 2
    assert "-o " in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--max-cost", "1"], "`price`"),
        (["--max-cost", "nan", "--set", "llm.price.prompt=1"], "--max-cost"),
        (["--max-hours", "0"], "--max-hours"),
        (["--max-tokens-total", "many"], "--max-tokens-total"),
    ],
)
def test_limits_that_can_t_be_held_are_said_before_anything_is_done(tmp_path, options, said):
    done = kodgen("build", pipeline_file(tmp_path, "http://127.0.0.1:9/v1"), *options)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert not (tmp_path / "runs").exists()


def test_preview_s_json_is_that_of_a_forecast():
    done = kodgen("preview", "quickstart", "--json")
    assert done.returncode == 2
    assert "--forecast" in done.stderr


PACKAGE = Path(__file__).resolve().parents[1] / "kodgen"
PAGE = PACKAGE.parent / "docs" / "verify.md"


def test_the_page_on_verifying_explains_every_outcome_reason_and_flag():
    told = set(re.findall(r"`([a-z_]+)`", PAGE.read_text(encoding="utf-8")))
    outcomes = set(get_args(VerdictOutcome))
    judges = ("pool.py", "verdict.py", "judgement.py", "rules.py")
    code = "\n".join((PACKAGE / "sandbox" / name).read_text() for name in judges)
    pairs = re.findall(rf'"({"|".join(outcomes)})",\s*"([a-z_]+)"', code)
    reasons = {reason for outcome, reason in pairs if outcome != "infra"} - outcomes
    assert {"control_passed", "cpu", "assertion"} <= reasons
    assert outcomes | reasons | set(FLAGS) <= told


def test_the_page_s_example_runs():
    code = PAGE.read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "passed  100.0\n"
