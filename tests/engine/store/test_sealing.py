"""Sealing: order, what is kept apart, and manifests that can be trusted."""

import json

import pyarrow.parquet as pq
import pytest

from kodgen.engine.funnel import funnel_lines
from kodgen.engine.store.sealing import Work, read_sealed, seal
from kodgen.errors import RunDirectoryError
from kodgen.records import Observation, Question, Rejected, TestResult, Verdict
from kodgen.stages.base import Outcome
from tests import specimens
from tests.building import question


def trial(name, wall, lacks=None):
    observed = Observation(
        wall_seconds=wall,
        cpu_seconds=wall,
        peak_memory_bytes=1,
        test_seconds=(wall,),
        message=f"no module named {lacks!r} in the sandbox" if lacks else f"<object at {wall}>",
    )
    said = Verdict(
        outcome="error" if lacks else "failed",
        reason="missing_dependency" if lacks else "assertion",
        flags=("leaked_thread", "unchecked_tests"),
        environment="0123abcd",
        tests=(TestResult(name="test_a", outcome="failed", error="AssertionError"),),
        coverage=50.0,
        isolation="namespaces",
        observed=observed,
    )
    return specimens.trial("q", 0, id=name, prompt_tokens=1, verdict=said)


def outcomes(wall=1.0):
    rejected = Rejected(id="b", stage="solve", reason="never_passed", evidence="e", row="{}")
    return [
        Outcome(kept=(question("a"),), trials=(trial("a/0", wall), trial("a/1", wall))),
        Outcome(
            rejected=(rejected,),
            trials=(trial("b/0", wall), trial("b/1", wall, "numpy"), trial("b/2", wall, "numpy")),
        ),
        Outcome(kept=(question("c"),)),
    ]


def seal_here(folder, wall=1.0):
    folder.mkdir()
    work = Work("solve", 1, 3, {"seconds": wall}, made_from="abc")
    return seal(folder, work, Question, outcomes(wall), with_trials=True)


def test_two_runs_differ_only_in_observations_and_measured(tmp_path):
    seal_here(tmp_path / "one", 1.0)
    seal_here(tmp_path / "two", 2.5)
    for name in ("kept", "rejected", "trials"):
        one, two = (tmp_path / run / f"{name}.parquet" for run in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
    observed = pq.read_table(tmp_path / "two" / "observations.parquet").to_pylist()
    assert [row["id"] for row in observed] == ["a/0", "a/1", "b/0", "b/1", "b/2"]
    assert {row["wall_seconds"] for row in observed} == {2.5}
    assert observed[0]["test_seconds"] == [2.5]
    verdict = pq.read_table(tmp_path / "one" / "trials.parquet").to_pylist()[0]["verdict"]
    assert verdict["flags"] == ["leaked_thread", "unchecked_tests"]
    assert verdict["environment"] == "0123abcd"


def test_rows_stand_in_the_order_given_and_the_manifest_counts_them(tmp_path):
    sealed = seal_here(tmp_path / "stage")
    kept = pq.read_table(tmp_path / "stage" / "kept.parquet")
    assert kept["id"].to_pylist() == ["a", "c"]
    assert (sealed.rows_in, sealed.kept, sealed.rejected) == (3, 2, {"never_passed": 1})
    assert sealed.trials == {"error": 2, "failed": 3}
    assert sealed.missing_modules == {"numpy": 2}
    assert any("missing in the sandbox: numpy 2" in line for line in funnel_lines([sealed]))
    assert sealed.made_from == "abc"
    assert read_sealed(tmp_path / "stage") == sealed


def test_a_stage_without_a_manifest_is_not_sealed(tmp_path):
    assert read_sealed(tmp_path) is None


def test_a_changed_or_lost_file_is_noticed(tmp_path):
    seal_here(tmp_path / "stage")
    (tmp_path / "stage" / "kept.parquet").write_bytes(b"edited")
    with pytest.raises(RunDirectoryError, match=r"kept\.parquet changed since"):
        read_sealed(tmp_path / "stage")
    (tmp_path / "stage" / "kept.parquet").unlink()
    with pytest.raises(RunDirectoryError, match=r"kept\.parquet changed since"):
        read_sealed(tmp_path / "stage")


@pytest.mark.parametrize("content", ["", "[]", "{}", json.dumps({"stage": "x"})])
def test_a_broken_manifest_is_said(tmp_path, content):
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(RunDirectoryError, match="not a manifest"):
        read_sealed(tmp_path)


def test_a_kill_while_sealing_anew_leaves_a_stage_that_is_not_sealed(tmp_path):
    folder = tmp_path / "stage"
    seal_here(folder)

    def killed():
        yield from outcomes(1.0)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seal(folder, Work("solve", 2, 3, {}), Question, killed())
    assert read_sealed(folder) is None
