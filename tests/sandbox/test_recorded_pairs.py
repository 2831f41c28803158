"""Recorded pairs of real models, each with the verdict of a reference that trusts exit codes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from kodgen import config
from kodgen.records import Verdict
from tests.sandbox.conftest import Bench

RECORDED = Path(__file__).resolve().parents[2] / ".." / "shared" / "recorded"
FILES = ("algorithm/trials", "algorithm/reasoning", "leetcode/trials", "leetcode/reasoning")
STAR = "from solution import *\n\n"
"""What the reference put before each test file."""

EXPLAINED = {
    # They import scipy, which the reference had; with a Python that has it, they pass.
    **dict.fromkeys(
        ("algorithm/trials/203", *(f"algorithm/reasoning/{line}" for line in range(67, 73))),
        "missing_dependency",
    ),
}
"""Pairs whose verdict differs, by their line, and the reason code that says why."""
WORTHLESS = {"vacuous"}
"""Passes for the reference, which runs no doubts."""

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(not RECORDED.exists(), reason="the recorded pairs are not here"),
]


class Pair(NamedTuple):
    name: str
    solution: str
    test: str
    passed: bool


def pairs() -> Iterator[Pair]:
    for file in FILES:
        for number, line in enumerate((RECORDED / f"{file}.jsonl").open(encoding="utf-8")):
            row = json.loads(line)
            if row["solution"] and row["test"]:
                passed = row["upstream_verdict"] == "Pass"
                yield Pair(f"{file}/{number}", row["solution"], STAR + row["test"], passed)


@pytest.fixture(scope="module")
def judged() -> Iterator[list[tuple[Pair, Verdict]]]:
    # The limit is lower than the reference's 30 s, for the time of those that use it up.
    bench = Bench(config.Sandbox(workers=2, cpu_seconds=4))
    recorded = list(pairs())
    verdicts = bench.run_all([(pair.solution, pair.test) for pair in recorded], seconds=900)
    yield list(zip(recorded, verdicts, strict=True))
    bench.close()


def test_verdicts_agree_with_the_references(judged: list[tuple[Pair, Verdict]]) -> None:
    assert len(judged) == 753
    differing = {
        pair.name: verdict.reason
        for pair, verdict in judged
        if pair.passed != (verdict.outcome in {"passed", *WORTHLESS})
    }
    # Where the trials' Python has scipy, these agree as well.
    assert differing.items() <= EXPLAINED.items()
    assert len(differing) <= 0.01 * len(judged)


def test_nothing_passes_that_the_reference_failed(judged: list[tuple[Pair, Verdict]]) -> None:
    assert not [pair.name for pair, verdict in judged if verdict.passed and not pair.passed]


def test_what_is_worthless_is_few_and_none_is_tampered_with(
    judged: list[tuple[Pair, Verdict]],
) -> None:
    outcomes = [verdict.outcome for pair, verdict in judged if pair.passed]
    assert outcomes.count("passed") >= 0.9 * (len(outcomes) - len(EXPLAINED))
    assert "tampered" not in outcomes
    assert "infra" not in [verdict.outcome for _, verdict in judged]
