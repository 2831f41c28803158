"""`kodgen audit` as a user runs it."""

import gzip
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.building import SHARED, jsonl, kodgen
from tests.replay_server import ReplayServer

TASKS = [
    {
        "task_id": "T/0",
        "prompt": "Return the number of vowels in a sentence given as a string.",
        "solution": "def vowels(text):\n    total = 0\n    for letter in text:\n"
        "        if letter in 'aeiou':\n            total += 1\n    return total\n",
        "test": "assert vowels('a sunny hill') == 3\nassert vowels('grrr, queueing') == 5\n"
        "assert vowels('onomatopoeia') == 8\n",
        "entry_point": "vowels",
    },
    {
        "task_id": "T/1",
        "prompt": "Turn a square matrix of integers by ninety degrees clockwise.",
        "solution": "def turned(rows):\n    return [list(row) for row in zip(*rows[::-1])]\n",
        "test": "assert turned([[1, 2], [3, 4]]) == [[3, 1], [4, 2]]\n",
        "entry_point": "turned",
    },
]
ELSE = "Find the shortest path through a maze of rooms and doors, and print its rooms."
HUMANEVAL = SHARED / "benchmarks" / "humaneval" / "HumanEval.jsonl.gz"


@pytest.fixture
def tasks(tmp_path):
    path = tmp_path / "bench.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, TASKS)).encode()))
    return f"own={path}"


def audit(source: Path, tasks: str, *options: str | Path):
    return kodgen(
        "audit", source, "-b", tasks, "-o", source.parent / "audit", "--no-self-test", *options
    )


def rows_of(source: Path):
    return pq.read_table(source.parent / "audit" / "rows.parquet").to_pylist()


def test_every_row_has_a_status_a_nearest_task_and_what_shows_it(tmp_path, tasks):
    source = jsonl(
        tmp_path / "data.jsonl",
        [
            {"id": "copy", "subset": "a", "question": "return THE number of vowels, in a sentence "
             "given as a string!"},
            {"id": "else", "subset": "a", "question": ELSE},
            {"id": "answer", "subset": "b", "question": ELSE,
             "solution": TASKS[0]["solution"].replace("vowels", "f").replace("total", "n")},
            {"id": "none", "subset": "b", "question": None},
        ],
    )  # fmt: skip
    done = audit(source, tasks, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    rows = {row["id"]: row for row in rows_of(source)}
    assert {name: row["contamination_status"] for name, row in rows.items()} == {
        "copy": "contaminated",
        "else": "clean",
        "answer": "contaminated",
        "none": "error",
    }
    assert rows["copy"]["benchmark_similarity"] == pytest.approx(1.0, abs=1e-5)
    assert rows["copy"]["benchmark_task_id"] == "own/T/0"
    assert "exact" in rows["copy"]["contamination_layers"]
    assert "structure" in rows["answer"]["contamination_layers"]
    hits = json.loads(rows["answer"]["evidence"])["hits"]
    (shown,) = [hit for hit in hits if hit["layer"] == "structure"]
    assert (shown["task"], shown["field"]) == ("own/T/0", "solution")
    assert rows["else"]["benchmark_similarity"] < 0.5
    assert json.loads(rows["none"]["evidence"])["trouble"] == "no_question"
    assert [row["row"] for row in rows_of(source)] == [0, 1, 2, 3]
    (coverage,) = report["coverage"]
    assert (coverage["tasks"], coverage["contaminated"]) == (2, 1)
    cells = {cell["subset"]: cell for cell in report["matrix"]}
    assert cells["a"]["contaminated_percent"] == 50.0
    assert (cells["b"]["rows"], cells["b"]["contaminated"]) == (2, 1)
    written = json.loads((tmp_path / "audit" / "report.json").read_text())
    assert written["totals"] == report["totals"]
    assert {pair["id"] for pair in written["pairs"]} >= {"copy", "answer"}
    assert written["provenance"]["dataset_identity"]["data.jsonl"]
    assert written["provenance"]["benchmarks"][0]["identity"]["sha256"]


def test_a_row_in_doubt_is_run_against_the_task_s_own_tests(tmp_path, tasks):
    question = "How often do vowels occur in a sentence given as a string of words?"
    right = "def how_often(words):\n    return len([w for w in words if w in set('uoiea')])\n"
    wrong = "def how_often(words):\n    return len(words)\n"
    source = jsonl(
        tmp_path / "data.jsonl",
        [
            {"id": "right", "question": question, "solution": right},
            {"id": "wrong", "question": question, "solution": wrong},
        ],
    )
    done = audit(source, tasks, "--policy", "embedding.review=0", "--json")
    assert done.returncode == 0, done.stderr
    said = {row["id"]: row["contamination_layers"] for row in rows_of(source)}
    assert said == {"right": ["behaviour"], "wrong": ["embedding"]}
    (layer,) = [one for one in json.loads(done.stdout)["layers"] if one["layer"] == "behaviour"]
    assert (layer["ran"], layer["looked_at"], layer["contaminated"]) == (True, 2, 1)
    done = audit(source, tasks, "--policy", "embedding.review=0", "--no-behaviour")
    assert "behaviour  did not run: left out by --no-behaviour" in done.stdout
    assert {row["contamination_status"] for row in rows_of(source)} == {"review"}


def test_a_solution_near_to_a_task_is_run_though_its_row_is_in_no_doubt(tmp_path, tasks):
    question = "Tell me how often somebody sings an open sound when reading a line aloud."
    right = "def sung(line):\n    return len([w for w in line if w in set('uoiea')])\n"
    rows = {
        "right": {"question": question, "solution": right},
        "wrong": {"question": question, "solution": right.replace("len", "sum")},
        "none": {"question": question},
    }
    source = jsonl(tmp_path / "data.jsonl", [{"id": name} | row for name, row in rows.items()])
    done = audit(source, tasks, "--try-from", "0", "--json")
    assert done.returncode == 0, done.stderr
    said = {row["id"]: row["contamination_status"] for row in rows_of(source)}
    assert said == {"right": "contaminated", "wrong": "clean", "none": "clean"}
    assert rows_of(source)[0]["contamination_layers"] == ["behaviour"]
    report = json.loads(done.stdout)
    assert report["provenance"]["embedder"]["calibration"]["tried"] == 0
    (layer,) = [one for one in report["layers"] if one["layer"] == "behaviour"]
    # Nothing was asked of the row without a solution, so nothing of it could not be looked at.
    assert (layer["looked_at"], layer["alone"], layer["unseen"]) == (2, 1, {})
    done = audit(source, tasks, "--try-from", "1")
    assert "behaviour  did not run: no row is in doubt" in done.stdout
    assert {row["contamination_status"] for row in rows_of(source)} == {"clean"}
    assert audit(source, tasks, "--try-from", "2").returncode == 2


def test_a_model_is_asked_about_rows_in_doubt_alone(tmp_path, tasks):
    source = jsonl(
        tmp_path / "data.jsonl",
        [{"id": "doubt", "question": ELSE}, {"id": "copy", "question": TASKS[1]["prompt"]}],
    )
    asked = []

    def answer(body, request):
        asked.append(json.dumps(body))
        return '{"remark": "Both.", "verdict": "same"}'

    options = ["--policy", "embedding.review=0", "--policy", "judge.contaminated=1", "--judge", "m"]
    with ReplayServer(answer) as server:
        done = audit(source, tasks, *options, "--judge-url", server.url, "--json")
        assert done.returncode == 0, done.stderr
        requests = len(asked)
        again = audit(source, tasks, *options, "--judge-url", server.url)
        assert again.returncode == 0, again.stderr
    said = {row["id"]: row["contamination_layers"] for row in rows_of(source)}
    assert said["doubt"] == ["judge"]
    assert "judge" not in said["copy"]
    # In both orders, and by the second audit not once more.
    assert len(asked) == requests
    assert requests % 2 == 0
    assert all("maze" in body for body in asked)
    (layer,) = [one for one in json.loads(done.stdout)["layers"] if one["layer"] == "judge"]
    assert (layer["ran"], layer["looked_at"]) == (True, 1)
    assert "behaviour  did not run" in again.stdout


@pytest.mark.parametrize(
    ("question", "status", "code"),
    [
        (TASKS[0]["prompt"], "contaminated", 10),
        (TASKS[0]["prompt"], "review", 10),
        (ELSE, "review", 0),
        (ELSE, "error", 10),
    ],
)
def test_fail_on_ends_with_a_code_of_its_own(tmp_path, tasks, question, status, code):
    questions = [question] if status != "error" else [question, None]
    source = jsonl(tmp_path / "data.jsonl", [{"question": text} for text in questions])
    done = audit(source, tasks, "--fail-on", status)
    assert done.returncode == code, done.stderr
    assert (f"--fail-on {status}" in done.stderr) == (code != 0)
    assert len(rows_of(source)) == len(questions)


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--policy", "ngrams.review=0.1"], 2, "did you mean 'ngram'"),
        (["--policy", "ngram.review=2"], 2, "a score from 0 to 1"),
        (["--layers", "meaning"], 2, "there is no such layer"),
        (["--layers", "embedding", "--embedder", "none"], 2, "no layer is left"),
        (["--question-column", "body"], 3, "'question'"),
        (["-b", "other"], 3, "humaneval"),
        (["-b", "own=elsewhere.jsonl"], 2, "two benchmarks"),
    ],
)
def test_mistakes_are_told(tmp_path, tasks, options, code, said):
    source = jsonl(tmp_path / "data.jsonl", [{"question": "x"}])
    done = audit(source, tasks, *options)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "audit" / "rows.parquet").exists()


def test_a_column_of_nulls_gives_no_clean_row(tmp_path, tasks):
    source = jsonl(tmp_path / "data.jsonl", [{"id": n, "question": None} for n in range(3)])
    done = audit(source, tasks)
    assert done.returncode == 3
    assert "none of its 3 rows" in done.stderr
    assert "no_question" in done.stderr
    assert {row["contamination_status"] for row in rows_of(source)} == {"error"}


def test_a_question_of_two_megabytes_takes_no_longer_than_its_length(tmp_path, tasks):
    long = "x = [" + "1, " * 700_000 + "]"
    around = "lorem ipsum " * 90_000 + TASKS[1]["prompt"] + " dolor sit amet" * 70_000
    source = jsonl(
        tmp_path / "data.jsonl",
        [{"question": long}, {"question": around}, {"question": "(" * 2_000_000}],
    )
    done = audit(source, tasks)
    assert done.returncode == 0, done.stderr
    hidden = rows_of(source)[1]
    assert hidden["contamination_status"] != "clean"
    assert hidden["benchmark_task_id"] == "own/T/1"


def test_rows_that_can_t_be_read_are_errors_and_the_rest_goes_on(tmp_path, tasks):
    source = tmp_path / "data.jsonl"
    source.write_bytes(
        json.dumps({"id": "good", "question": ELSE}).encode()
        + b'\n{"id": "bytes", "question": "caf\xe9"}\n'
        + b'{"id": "surrogate", "question": "half \\ud800 a letter"}\n'
        + b'{"id": "number", "question": 7}\n'
        + b'["no object"]\n'
        + b'{"id": "solution", "question": "Fine.", "solution": {"a": 1}}\n'
        + b'{"id": "leak", "solution": 7, "question": "'
        + TASKS[1]["prompt"].encode()
        + b'"}\n{"id": "good", "question": "The same name again."}\n'
    )
    done = audit(source, tasks, "--json", "--solution-column", "solution")
    assert done.returncode == 0, done.stderr
    rows = rows_of(source)
    assert [row["contamination_status"] for row in rows] == [
        "clean", "error", "error", "error", "error", "error", "contaminated", "clean",
    ]  # fmt: skip
    reasons = {(one["reason"], one["whole"]): one for one in json.loads(done.stdout)["unread"]}
    assert reasons["undecodable", True]["rows"] == 2
    assert reasons["unreadable", True]["rows"] == 2
    assert reasons["unreadable", False]["rows"] == 1
    assert reasons["broken_line", True]["rows"] == 1
    assert reasons["duplicate_id", False]["examples"] == ["line 8: an earlier row is 'good' too"]


def test_an_empty_benchmark_is_no_benchmark(tmp_path):
    (tmp_path / "none.jsonl").write_text("")
    source = jsonl(tmp_path / "data.jsonl", [{"question": "x"}])
    done = audit(source, f"own={tmp_path / 'none.jsonl'}")
    assert done.returncode == 3
    assert "holds no tasks" in done.stderr


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_dataset_is_no_clean_one(tmp_path, tasks, content):
    source = tmp_path / "data.jsonl"
    source.write_text(content)
    done = audit(source, tasks)
    assert done.returncode == 3
    assert "holds no rows" in done.stderr


@pytest.mark.skipif(not HUMANEVAL.exists(), reason="the shared benchmarks are not here")
@pytest.mark.parametrize("layer", ["exact", "ngram", "structure", "literals"])
def test_each_layer_alone_finds_all_of_humaneval_in_humaneval(tmp_path, layer):
    source = tmp_path / "HumanEval.jsonl.gz"
    source.symlink_to(HUMANEVAL.resolve())
    done = audit(source, f"humaneval={source}", "--layers", layer, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["totals"]["rows"], report["totals"]["contaminated"]) == (164, 164)
    assert report["coverage"][0]["contaminated"] == 164
