"""The exact layer: same texts, solutions and asserts, whatever their dress."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kodgen.config import Benchmark
from kodgen.contamination.benchmarks.loading import load_benchmark
from kodgen.contamination.layer import Layer
from kodgen.contamination.layers.exact import ExactLayer
from kodgen.contamination.layers.literals import LiteralsLayer
from kodgen.contamination.layers.ngram import NgramLayer
from kodgen.contamination.layers.structure import StructureLayer
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.task import BenchmarkTask

TASK = BenchmarkTask(
    benchmark="own",
    task_id="1",
    views={"prompt": "Return the number of vowels in the given text.", "signature": "def f(x):"},
    entry_point="vowels",
    solution=(
        "def vowels(text):\n    # count\n    total = 0\n    for char in text:\n"
        "        if char in 'aeiou':\n            total += 1\n    return total\n"
    ),
    tests="def check(candidate):\n    assert candidate('a sentence that is long enough to be told') == 10\n",
)


def found(question: str = "x", solution: str | None = None, tests: str | None = None) -> list[str]:
    layer = ExactLayer([TASK])
    hits = layer.hits([AuditedRow("r", question, solution, tests)])
    return [f"{hit.field}:{hit.view}" for _, hit in hits if hit.score == 1]


def test_a_text_is_found_whatever_its_case_and_signs() -> None:
    assert found("return the NUMBER of vowels -- in the given text!") == ["question:prompt"]
    assert found("Return the number of vowels in the given text, please.") == []


def test_a_signature_is_no_statement() -> None:
    assert found("def f(x):") == []


def test_a_solution_is_found_without_its_comments_and_with_a_docstring() -> None:
    assert TASK.solution is not None
    dressed = TASK.solution.replace("    # count\n", '    """Counts."""\n\n')
    assert found(solution="import os\n\n" + dressed) == ["solution:solution"]
    assert found(solution=dressed.replace("total", "found")) == []


def test_an_assert_is_found_under_either_name_of_its_function() -> None:
    for name in ("candidate", "vowels"):
        told = f"def test_it():\n    assert {name}(\n        'a sentence that is long enough to be told') == 10\n"
        assert found(tests=told) == ["tests:tests"]
    assert found(tests="def test_it():\n    assert vowels('short') == 1\n") == []


def test_code_that_may_hold_a_solution_but_does_not_parse_is_told() -> None:
    assert TASK.solution is not None
    layer = ExactLayer([TASK])
    assert not list(layer.hits([AuditedRow("r", "x", TASK.solution + "\nreturn (")]))
    assert layer.unseen == {"not_python": 1}


HUMANEVAL = Path(__file__).resolve().parents[3] / ".." / "shared/benchmarks/humaneval"
BOUNDS = {ExactLayer: 1.0, NgramLayer: 0.5, StructureLayer: 1.0, LiteralsLayer: 1.0}


@pytest.mark.skipif(not HUMANEVAL.exists(), reason="no benchmarks beside the repository")
@pytest.mark.parametrize("kind", BOUNDS)
def test_each_layer_alone_finds_all_of_humaneval(
    kind: Callable[[Sequence[BenchmarkTask]], Layer],
) -> None:
    tasks = load_benchmark(Benchmark(name="humaneval", path=Path("HumanEval.jsonl.gz")), HUMANEVAL)
    rows = [AuditedRow(task.name, task.text, task.solution, task.tests) for task in tasks]
    found = {
        rows[number].id
        for number, hit in kind(tasks).hits(rows)
        if hit.task == rows[number].id and hit.score >= BOUNDS[kind]  # type: ignore[index]
    }
    assert len(tasks) == 164
    assert sorted(row.id for row in rows if row.id not in found) == []
