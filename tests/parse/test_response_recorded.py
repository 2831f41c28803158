"""Recorded answers of a real reasoning model through extraction and the real sandbox.

The reference's verdict comes of its own extraction, and of an exit code in its own environment.
"""

import asyncio
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from kodgen import config
from kodgen.parse.imports import with_solution_imports
from kodgen.parse.response import asked_of, parse_response, split_reasoning, without_borrowed
from kodgen.records import Verdict
from kodgen.sandbox import Sandbox
from kodgen.sandbox.scrutiny import FULL, PLAIN, Scrutiny

RECORDED = Path(__file__).resolve().parents[2] / ".." / "shared" / "recorded"

SELF_TESTING = {f"algorithm/{line}" for line in range(34, 40)}
"""Their tests define the function under test themselves: passes for who does not look."""
NEEDING_SCIPY = {f"algorithm/{line}" for line in range(67, 73)}
"""Their tests import scipy; with a Python that has it, they pass as they did for the reference."""
OTHERWISE = {
    "algorithm/27": "one function a block: the reference took the first, we all that tests need",
    "algorithm/43": "without the demonstration at its end",
    "algorithm/68": "likewise",
    **dict.fromkeys(
        (f"leetcode/{line}" for line in (21, 42, 43, 44, 48, 49, 50, 60, 61, 62, 71, 72, 73)),
        "the question names no function: the reference renamed the answer's, we add an alias",
    ),
}
"""Answers whose code differs from that of the reference."""

pytestmark = pytest.mark.skipif(not RECORDED.exists(), reason="the recorded answers are not here")


@lru_cache(maxsize=1)
def answers() -> dict[str, dict[str, Any]]:
    rows = {}
    for part in ("algorithm", "leetcode"):
        path = RECORDED / part / "reasoning.jsonl"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            row = json.loads(line)
            style = "complete" if row["question_id"].endswith("_C") else "instruct"
            # Tests of a triplet import what they use; what these use, the reference's code tells.
            row["test"] = with_solution_imports(row["solution"], row["test"])
            row["reasoning"], answer = split_reasoning(row["response"], None)
            row["code"] = parse_response(
                answer, asked_of(row["question"], style, row["test"]), "stop"
            )
            row["test"] = without_borrowed(row["solution"], row["test"])
            rows[f"{part}/{number}"] = row
    return rows


def judged(names: list[str], scrutiny: Scrutiny) -> dict[str, Verdict]:
    async def run() -> list[Verdict]:
        async with Sandbox(config.Sandbox(workers=2)) as sandbox:
            rows = [answers()[name] for name in names]
            return await asyncio.gather(
                *(sandbox.run(row["code"], row["test"], scrutiny) for row in rows)
            )

    return dict(zip(names, asyncio.run(run()), strict=True))


def disagreeing(verdicts: dict[str, Verdict]) -> set[str]:
    return {
        name
        for name, verdict in verdicts.items()
        if verdict.passed != (answers()[name]["upstream_verdict"] == "Pass")
        and verdict.reason != "missing_dependency"
    }


def test_reasoning_and_code_are_found_in_every_answer():
    assert len(answers()) == 168
    for row in answers().values():
        assert isinstance(row["code"], str)
        assert len(row["reasoning"]) > 1000
        assert "<think>" not in row["reasoning"]


def test_the_code_is_that_of_the_reference_but_where_we_know_why():
    differing = {n for n, row in answers().items() if row["code"] != row["solution"].strip()}
    assert differing == set(OTHERWISE)


def test_verdicts_agree_with_those_of_the_reference():
    verdicts = judged(list(answers())[::4] + sorted(OTHERWISE), PLAIN)
    assert not disagreeing(verdicts)
    lacking = {n for n, verdict in verdicts.items() if verdict.reason == "missing_dependency"}
    assert lacking <= NEEDING_SCIPY


@pytest.mark.thorough
def test_all_verdicts_agree_but_for_tests_that_test_themselves():
    verdicts = judged(list(answers()), FULL)
    assert disagreeing(verdicts) == SELF_TESTING
    assert {verdicts[name].outcome for name in SELF_TESTING} == {"vacuous"}
    assert not disagreeing(judged(sorted(SELF_TESTING), PLAIN))
