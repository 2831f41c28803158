"""Recorded conversions of a real model, each looked at by hand, through the checks and sandbox.

They answer KodCode's prompt, which does not ask for what we check, so most have to go.
"""

import json
from pathlib import Path

import pytest

from kodgen import config
from kodgen.parse.imports import with_solution_imports
from tests.sandbox.conftest import Bench
from tests.stages.restyling import restyle, triplet

RECORDED = Path(__file__).resolve().parents[2] / ".." / "shared" / "recorded"

EXPECTED = {
    "algorithm": [
        "kept",
        "holds_solution",
        "flagged",
        "missing_function",  # the tests build `LinkedList`s of `Node`s, which it only names
        "flagged",
        "holds_solution",
        "no_examples",
        "holds_solution",
        "no_examples",  # `f(15) == 16`, and nothing about what that gives
        "no_examples",
        "kept",
        "no_examples",
        "holds_tests",
        "no_examples",
        "no_examples",  # they stand in a second string, below the docstring
        "kept",
    ],
    "leetcode": [
        "missing_function",  # a class without methods
        "holds_solution",
        "missing_function",  # `TreeNode` is for the tests to import
        "flagged",
        "no_examples",  # `f("a") "a"`
        "missing_function",  # a class without methods
        "unparsed_completion",  # `def MyStack:`
        "no_examples",
        "holds_solution",
        "flagged",
        "missing_function",  # `TreeNode` again
        "flagged",
        "holds_solution",
        "false_example",  # of `find_pair_with_index`, a helper of the tests
        "holds_solution",
    ],
}

pytestmark = pytest.mark.skipif(not RECORDED.exists(), reason="the recorded answers are not here")


@pytest.fixture(scope="module")
def bench():
    bench = Bench(config.Sandbox(workers=1, cpu_seconds=5))
    yield bench
    bench.close()


def outcome_of(bench, line):
    said = json.loads(line)
    solution = said["metadata"]["response"]
    test = with_solution_imports(solution, said["metadata"]["test_code"])
    row = triplet(said["metadata"]["instruction"], solution, test)
    outcome, _ = restyle(bench, row, [said["response"]], attempts=1)
    assert outcome.kept[0] == row
    if outcome.rejected:
        return outcome.rejected[0].reason
    return "flagged" if "tests_shown" in outcome.kept[1].flags else "kept"


@pytest.mark.parametrize("corpus", EXPECTED)
def test_recorded_conversions_are_judged_as_a_reader_judges_them(bench, corpus):
    lines = (RECORDED / corpus / "style_conversions.jsonl").read_text(encoding="utf-8").splitlines()
    assert [outcome_of(bench, line) for line in lines] == EXPECTED[corpus]
