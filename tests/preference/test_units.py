from kodgen.preference.units import Unit, choose, may_differ, probed
from kodgen.records import Observation, TestResult, Verdict


def test_the_smallest_size_that_can_be_told() -> None:
    quick = {"0.draw.1": 0.0, "0.draw.2": 0.001, "0.draw.4": 0.002, "0.draw.8": 0.004}
    slow = {"0.draw.1": 0.004, "0.draw.2": 0.016, "0.draw.4": 0.064, "0.draw.8": 0.3}
    assert choose([quick, slow]) == (Unit("0.draw.4", 1),)


def test_only_what_all_did_alike() -> None:
    assert choose([{"0.draw.1": 0.03}, {"0.draw.2": 0.03}]) == ()
    assert choose([]) == ()


def test_small_ones_are_run_several_times() -> None:
    times = {"0.draw.1": 0.0001, "0.draw.16": 0.004}
    assert choose([times, times]) == (Unit("0.draw.16", 5),)
    assert choose([{"0.draw.1": 0.0001}]) == ()


def test_units_of_several_calls() -> None:
    times = {f"{call}.{way}.2": 0.05 for call in (0, 1, 2) for way in ("all", "draw", "repeat")}
    assert [unit.name for unit in choose([times])] == ["0.all.2", "0.draw.2", "1.all.2", "1.draw.2"]


def test_inputs_as_they_are_given_count_once() -> None:
    times = {"0.draw.1": 0.05, "0.repeat.1": 0.05, "1.draw.1": 0.05, "1.draw.2": 0.09}
    assert [unit.name for unit in choose([times])] == ["0.draw.1", "1.draw.1"]
    grown = {"0.draw.1": 0.01, "0.draw.2": 0.03, "0.repeat.1": 0.03}
    assert {unit.name for unit in choose([grown])} == {"0.draw.2", "0.repeat.1"}


def test_no_hope_of_a_difference() -> None:
    units = (Unit("0.draw.1", 1),)
    assert not may_differ([{"0.draw.1": 1.0}, {"0.draw.1": 1.09}], units, 1.2)
    assert may_differ([{"0.draw.1": 1.0}, {"0.draw.1": 1.11}], units, 1.2)


def test_reads_what_was_done_to_the_end() -> None:
    observed = Observation(
        wall_seconds=1, cpu_seconds=1, peak_memory_bytes=1, test_cpu_seconds=(0.5, 0.25)
    )
    tests = (
        TestResult(name="test_unit[0.draw.1]", outcome="passed"),
        TestResult(name="test_unit[0.draw.2]", outcome="failed", error="TooLong"),
    )
    verdict = Verdict(
        outcome="failed", reason="exception", tests=tests, isolation="namespaces", observed=observed
    )
    assert probed(verdict) == {"0.draw.1": 0.5}
    assert probed(verdict.model_copy(update={"observed": None})) == {}
