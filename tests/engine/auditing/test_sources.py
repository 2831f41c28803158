"""Benchmarks as they are named on the command line."""

from pathlib import Path

import pytest

from kodgen.contamination.assembly import READING
from kodgen.contamination.layers.learning import learned
from kodgen.engine.auditing.sources import PORTION, load_benchmarks
from kodgen.errors import ConfigError
from tests.building import jsonl


def test_tasks_that_processes_read_in_portions_come_in_order(tmp_path: Path) -> None:
    counts = {"small": 3, "large": 3 * PORTION + 1}
    for name, count in counts.items():
        rows = [
            {
                "id": f"{name}{number}",
                "question": f"Add {number}.",
                "test": f"assert f() == {number}",
            }
            for number in range(count)
        ]
        jsonl(tmp_path / f"{name}.jsonl", rows)
    given = [f"{name}={tmp_path / name}.jsonl" for name in counts]
    loaded, known = load_benchmarks(given, READING)
    tasks = [task for one in loaded for task in one.tasks]
    assert [task.task_id for task in tasks] == [
        f"{name}{number}" for name, count in counts.items() for number in range(count)
    ]
    assert known == [learned(task, READING) for task in tasks]
    assert [one.source.rows for one in loaded] == list(counts.values())


def test_a_name_twice_is_refused() -> None:
    with pytest.raises(ConfigError, match="two benchmarks 'own'"):
        load_benchmarks(["own=a.jsonl", "own=b.jsonl"])
