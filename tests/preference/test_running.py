"""The bench within this process: units, their inputs, and what is made of results."""

import math

import pytest

from kodgen.preference.bench import growing, recording, running

TRUSTED = "def total(values):\n    return sum(values)\n"
TESTS = "from solution import total\n\ndef test_total():\n    assert total([4, -2, 9]) == 11\n    assert total([]) == 0\n"


def bench(solution: str = TRUSTED, tests: str = TESTS) -> running.Bench:
    return running.Bench(growing, recording, TRUSTED, tests, ["total"], solution)


def inputs(job: running.Job) -> list[object]:
    return [args for _, args, _ in job._works]


def test_every_process_has_the_same_inputs() -> None:
    other = "def total(values):\n    return sum(sorted(values))\n"
    unit = "0.draw.8"
    assert bench().ladder() == bench(other).ladder()
    assert unit in bench().ladder()
    assert inputs(bench().probe(unit)) == inputs(bench(other).probe(unit))
    assert inputs(bench().probe(unit)) * 3 == inputs(bench(other).timed(unit, 3))
    assert len(inputs(bench().probe(unit))) == running.SAMPLES


def test_results_are_held_to_the_trusted_ones() -> None:
    for solution, right in (
        (TRUSTED, True),
        ("def total(values):\n    return len(values)\n", False),
    ):
        job = bench(solution).probe("0.draw.4")
        job.run()
        if right:
            job.check()
        else:
            with pytest.raises(running.Differs):
                job.check()


def test_a_chain_is_climbed_while_it_goes_well_and_fast() -> None:
    climbed = bench()
    job = climbed.probe("0.draw.1")
    with pytest.raises(running.Unfit):
        climbed.probe("0.draw.2")
    climbed.passed("0.draw.1", job, 0.0)
    job = climbed.probe("0.draw.2")
    climbed.passed("0.draw.2", job, 1.0)
    with pytest.raises(running.Unfit):
        climbed.probe("0.draw.4")


def test_inputs_that_the_trusted_one_declines_are_none() -> None:
    tests = "from solution import total\n\ndef test_total():\n    assert total([1, 2]) == 3\n"
    declining = "def total(values):\n    assert len(values) < 3\n    return sum(values)\n"
    few = running.Bench(growing, recording, declining, tests, ["total"], TRUSTED)
    with pytest.raises(running.Unfit):
        few.probe("0.draw.2")


def test_each_call_has_a_module_and_arguments_of_its_own() -> None:
    solution = "seen = []\n\ndef total(values):\n    seen.append(1)\n    values.append(0)\n    return sum(values) + len(seen) - 1\n"
    job = bench(solution).probe("0.draw.4")
    job.run()
    job.check()
    again = bench(solution).timed("0.draw.4", 2)
    again.run()
    assert again.results[: len(again.results) // 2] == again.results[len(again.results) // 2 :]


def test_a_call_that_takes_too_long_is_given_up() -> None:
    def endless() -> None:
        while True:
            try:
                math.sqrt(2)
            except Exception:  # noqa: BLE001
                continue

    with pytest.raises(running.TooLong):
        running.limited(endless, seconds=0.02)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (0.1 + 0.2, 0.3, True),
        ([math.nan, 1], [math.nan, 1], True),
        ({"a": [0.1 + 0.2]}, {"a": [0.3]}, True),
        ([1, 2], [2, 1], False),
        ([1], (1,), False),
        ({1, 2}, {2, 1}, True),
        (1, None, False),
    ],
)
def test_equal_results(one: object, other: object, equal: bool) -> None:
    assert running.same(one, other) == equal


def test_what_is_made_as_it_is_read_is_read() -> None:
    assert running.settled(iter([1, 2])) == [1, 2]
    assert running.settled(n for n in (3,)) == [3]
    assert running.settled("ab") == "ab"
