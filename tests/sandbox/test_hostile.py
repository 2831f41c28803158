"""The shared corpus of hostile, worthless and honest pairs, where it lies beside the repository."""

from pathlib import Path
from typing import Any

import pytest

CORPUS = Path(__file__).resolve().parents[2] / ".." / "shared" / "hostile"
NAMES = sorted(path.parent.name for path in CORPUS.glob("*/expect.txt"))

NEEDS_MORE_THAN_THE_PROTOCOL = {
    # Results that compare equal to anything, or checks that were patched: only running the tests
    # once more against a solution that must fail tells these from honest code.
    "v20_always_equal",
    "v21_always_equal_int_subclass",
    "v22_mock_any",
    "v23_magicmock",
    "v30_patch_testreport",
    "v31_patch_function_runtest",
    "v33_patch_raises",
    "v61_answers_from_caller_frame",
}
CONTAINED_OTHERWISE = {
    # Expects to open a socket, and to be denied its use only later.
    "r47_port_conflict",
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not NAMES, reason="the shared corpus is not here"),
]


def outcomes_expected(expect: str) -> set[str]:
    """The outcomes that an `expect.txt` names, in our words."""
    line = next(line for line in expect.splitlines() if line.startswith("verdict:"))
    words = line.partition(":")[2].replace("(", ",").split(",")
    ours = {"pass": "passed", "fail": "failed"}
    return {ours.get(word.split()[0], word.split()[0]) for word in words if word.split()}


@pytest.fixture(scope="module")
def verdicts(patient_bench: Any) -> dict[str, Any]:
    pairs = []
    for name in NAMES:
        folder = CORPUS / name
        pairs.append(
            (
                (folder / "solution.py").read_text(),
                (folder / "test_solution.py").read_text(),
            )
        )
    return dict(zip(NAMES, patient_bench.run_all(pairs), strict=True))


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("v")])
def test_attacks_never_pass(verdicts: dict[str, Any], name: str) -> None:
    never = "verdict_never: pass" in (CORPUS / name / "expect.txt").read_text()
    if never and name not in NEEDS_MORE_THAN_THE_PROTOCOL:
        assert verdicts[name].outcome != "passed", verdicts[name]
    assert verdicts[name].outcome != "infra"


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("h")])
def test_honest_pairs_pass(verdicts: dict[str, Any], name: str) -> None:
    assert verdicts[name].passed, verdicts[name]


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("r")])
def test_probes_are_contained(verdicts: dict[str, Any], name: str) -> None:
    if name not in CONTAINED_OTHERWISE:
        expected = outcomes_expected((CORPUS / name / "expect.txt").read_text())
        # On a slow machine a memory bomb may use up its CPU time before its memory.
        slow = {"timeout"} if "oom" in expected else set()
        assert verdicts[name].outcome in expected | slow, verdicts[name]


def test_worthless_tests_have_a_verdict(verdicts: dict[str, Any]) -> None:
    worthless = {name: verdict for name, verdict in verdicts.items() if name.startswith("q")}
    assert all(verdict.outcome != "infra" for verdict in worthless.values())
    assert worthless["q06_no_tests"].outcome == "no_tests"
    assert worthless["q26_needs_missing_dep"].reason == "missing_dependency"
    assert worthless["q25_needs_network"].outcome == "failed"
