"""Verifying a table: kinds of input and output, going on after a kill, what is refused."""

import json
import os
import signal
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kodgen.engine.verify.verifying import sandbox_settings
from kodgen.errors import ConfigError
from tests.building import jsonl, kodgen, start
from tests.processes import kill_all

TEST = "from solution import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n"
ADD = "def add(a, b):\n    return a + b"
SLOW = "import time\n\n\ndef add(a, b):\n    time.sleep(0.05)\n    return a + b"
MEASURED = ("wall_seconds", "cpu_seconds", "peak_memory_bytes")


def pairs(number, solution=ADD):
    """Rows of which every third fails."""
    wrong = "def add(a, b):\n    return a - b"
    return [
        {"id": f"r{n}", "solution": wrong if n % 3 == 2 else solution, "test": TEST}
        for n in range(number)
    ]


def verify(source, output, *options):
    return kodgen("verify", source, "-o", output, "--cpu-seconds", "2", "--jobs", "1", *options)


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def stable(rows):
    """Rows without what differs from run to run."""
    return [
        {key: value for key, value in row.items() if key not in MEASURED}
        | {"tests": [(test["name"], test["outcome"]) for test in row["tests"]]}
        for row in rows
    ]


def partial(output):
    return output.with_name(output.name + ".partial.jsonl")


def killed_midway(source, output, *options, after=6):
    """Start verifying, and SIGKILL everything once so many verdicts are kept."""
    process = start("verify", source, "-o", output, "--cpu-seconds", "2", *options)
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        if partial(output).exists() and partial(output).read_bytes().count(b"\n") > after:
            break
        time.sleep(0.005)
    kill_all(process)
    assert partial(output).exists(), "it was done before it could be killed"
    assert not output.exists()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Sixteen rows, and what verifying them without a break gives."""
    folder = tmp_path_factory.mktemp("whole")
    source = jsonl(folder / "in.jsonl", pairs(16, SLOW))
    done = verify(source, folder / "out.jsonl", "--json", "--jobs", "2")
    assert done.returncode == 0, done.stderr
    names = sorted(path.name for path in folder.glob("out.jsonl*"))
    assert names == ["out.jsonl", "out.jsonl.environment.json"]
    return source, lines(folder / "out.jsonl"), json.loads(done.stdout)


def test_a_kill_loses_no_verdict_and_the_output_is_that_of_an_unbroken_run(tmp_path, whole):
    source, expected, report = whole
    output = tmp_path / "out.jsonl"
    killed_midway(source, output)
    with partial(output).open("a") as file:
        file.write('{"row": 15, "verdi')  # a line torn by the kill
    kept = {line["row"]: line["verdict"] for line in lines_until_torn(partial(output))}
    done = verify(source, output, "--json")
    assert done.returncode == 0, done.stderr
    rows = lines(output)
    assert stable(rows) == stable(expected)
    # Measured times would differ had a row been run again.
    assert all(rows[number] == verdict for number, verdict in kept.items())
    again = json.loads(done.stdout)
    assert again["verified_now"] == 16 - len(kept)
    for key in ("rows", "outcomes", "reasons", "coverage"):
        assert again[key] == report[key]
    assert not partial(output).exists()


def lines_until_torn(path):
    whole_part, _, _ = path.read_text().rpartition("\n")
    return [line for line in map(json.loads, whole_part.splitlines()) if "row" in line]


def test_verdicts_of_another_command_are_refused_until_discarded(tmp_path, whole):
    source, *_ = whole
    output = tmp_path / "out.jsonl"
    killed_midway(source, output)
    kept = partial(output).read_bytes()
    done = verify(source, output, "--no-coverage")
    assert done.returncode == 4
    assert "sandbox.coverage: true -> false" in done.stderr
    assert "--restart" in done.stderr
    other = jsonl(tmp_path / "in.jsonl", pairs(3))
    done = verify(other, output)
    assert done.returncode == 4
    assert "input.in.jsonl: " in done.stderr
    assert partial(output).read_bytes() == kept
    done = verify(other, output, "--restart")
    assert done.returncode == 0, done.stderr
    assert [row["outcome"] for row in lines(output)] == ["passed", "passed", "failed"]


def test_a_file_that_is_no_journal_is_left_alone(tmp_path):
    source = jsonl(tmp_path / "in.jsonl", pairs(1))
    mine = jsonl(partial(tmp_path / "out.jsonl"), [{"mine": 1}])
    done = verify(source, tmp_path / "out.jsonl")
    assert done.returncode == 4
    assert "did not write" in done.stderr
    assert lines(mine) == [{"mine": 1}]


@pytest.mark.thorough
def test_two_commands_never_write_the_same_output(tmp_path, whole):
    source, *_ = whole
    output = tmp_path / "out.jsonl"
    process = start("verify", source, "-o", output, "--cpu-seconds", "2", "--jobs", "1")
    try:
        end = time.monotonic() + 60
        while not partial(output).exists() and time.monotonic() < end:
            time.sleep(0.01)
        done = verify(source, output)
        assert done.returncode == 4
        assert "another `kodgen verify`" in done.stderr
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
        assert process.returncode == 130
    finally:
        kill_all(process)
    assert verify(source, output).returncode == 0
    assert len(lines(output)) == 16


def test_parquet_has_the_same_rows_as_jsonl(tmp_path):
    rows = [*pairs(3), {"id": 7, "solution": None, "test": TEST}, {"id": "\ud800", "test": "x"}]
    source = jsonl(tmp_path / "in.jsonl", rows)
    for name in ("out.jsonl", "out.parquet"):
        done = verify(source, tmp_path / name)
        assert done.returncode == 0, done.stderr
    table = pq.read_table(tmp_path / "out.parquet")
    written = lines(tmp_path / "out.jsonl")
    assert table.column_names == list(written[0])
    assert table.schema.field("tests").type == pa.list_(
        pa.struct([("name", pa.string()), ("outcome", pa.string()), ("seconds", pa.float64())])
    )
    assert stable(table.to_pylist()) == stable(written)
    assert [row["id"] for row in written] == ["r0", "r1", "r2", "7", "\\ud800"]
    assert [row["reason"] for row in written[3:]] == ["no_code", "no_code"]


def test_a_folder_of_parquet_and_a_dataset_folder_give_the_same_verdicts(tmp_path):
    rows = pairs(4)
    jsonl(tmp_path / "rows.jsonl", rows)
    for name, part in (("train-0", rows[:3]), ("train-1", rows[3:])):
        (tmp_path / "set").mkdir(exist_ok=True)
        pq.write_table(pa.Table.from_pylist(part), tmp_path / "set" / f"{name}.parquet")
    results = []
    for source in (tmp_path / "rows.jsonl", tmp_path / "set", f"hf:{tmp_path / 'set'}:/train"):
        done = verify(source, tmp_path / "out.jsonl")
        assert done.returncode == 0, done.stderr
        results.append(stable(lines(tmp_path / "out.jsonl")))
    assert results[0] == results[1] == results[2]
    assert [row["id"] for row in results[0]] == ["r0", "r1", "r2", "r3"]


def test_every_verdict_refers_to_what_it_ran_on(whole):
    _, rows, report = whole
    environment = json.loads(Path(report["environment"]).read_text())
    assert {row["environment"] for row in rows} == {environment["digest"]}
    assert "pytest" in environment["packages"]


def test_a_device_gets_the_rows_and_nothing_lies_beside_it(tmp_path):
    source = jsonl(tmp_path / "in.jsonl", pairs(2))
    done = kodgen("verify", source, "-o", "/dev/stdout", "--json")
    assert done.returncode == 0, done.stderr
    first, second, *_ = done.stdout.splitlines()
    assert [json.loads(line)["id"] for line in (first, second)] == ["r0", "r1"]
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_the_summary_counts_reasons_and_names_missing_modules(tmp_path):
    lacking = [
        {"solution": f"import {name}\n{ADD}", "test": TEST} for name in ("aaa", "bbb", "bbb")
    ]
    source = jsonl(tmp_path / "in.jsonl", [*lacking, *pairs(3), {"solution": ""}])
    done = verify(source, tmp_path / "out.jsonl")
    assert done.returncode == 0, done.stderr
    told = [line.split() for line in done.stdout.splitlines()]
    assert ["error", "4"] in told
    assert ["missing_dependency", "3", "bbb", "2,", "aaa", "1"] in told
    assert ["no_code", "1"] in told
    assert ["passed", "2"] in told
    assert ["failed", "1"] in told
    assert "--python" in done.stdout
    report = json.loads(verify(source, tmp_path / "out.jsonl", "--json").stdout)
    assert report["missing_modules"] == {"bbb": 2, "aaa": 1}
    assert report["reasons"]["error"] == {"missing_dependency": 3, "no_code": 1}
    assert report["coverage"] == 100.0
    assert report["rows"] == report["verified_now"] == 7


@pytest.mark.parametrize(
    ("name", "said"), [("out.json", ".jsonl or .parquet"), ("out", ".jsonl or .parquet")]
)
def test_an_output_of_no_kind_is_refused(tmp_path, name, said):
    done = verify(jsonl(tmp_path / "in.jsonl", pairs(1)), tmp_path / name)
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ({"workers": 0}, "--jobs: input should be greater than or equal to 1, got 0"),
        ({"preload": ("numpy", "1x")}, "--preload: "),
        ({"memory_mb": 1}, "--memory-mb: "),
        ({"reruns": 99}, "--reruns: "),
    ],
)
def test_a_setting_out_of_bounds_names_its_option(option, said):
    with pytest.raises(ConfigError) as raised:
        sandbox_settings(option)
    assert str(raised.value).startswith(said)


def test_options_are_the_sandbox_s_settings(tmp_path):
    given = {"strict": True, "reruns": 2, "cpu_seconds": None, "preload": (), "stubs": False}
    settings = sandbox_settings(given)
    assert (settings.strict, settings.reruns, settings.stubs) == (True, 2, False)
    assert settings.cpu_seconds == 10
