"""Projection: pure, from samples made by hand."""

from dataclasses import replace

import pytest

from kodgen.config import Price, Target
from kodgen.engine.accounting import Effort
from kodgen.engine.forecast.projection import Model, project
from kodgen.engine.forecast.sample import Sample, SampledRow, Use

STAGES = ("synthesize", "deduplicate", "decontaminate", "solve")


def row(subset, survived=4, attempts=3, difficulty="easy"):
    """A row that took one request of 100 tokens, then attempts of 1,000 and 2 s each."""
    uses = {"synthesize": Use(1, 60, 40, 1.0)}
    if survived >= 3:
        uses["solve"] = Use(attempts, 600 * attempts, 400 * attempts, 2.0 * attempts)
    return SampledRow(subset, survived, uses, difficulty if survived == 4 else None)


ROWS = (
    *(row("A") for _ in range(6)),
    row("A", attempts=10, difficulty="hard"),
    row("A", survived=0),
    row("A", survived=1),
    row("A", survived=3, attempts=10),
    *(row("B", attempts=5, difficulty="medium") for _ in range(4)),
)
EFFORTS = {
    "synthesize": Effort(seconds=4),
    "deduplicate": Effort(seconds=1),
    "decontaminate": Effort(seconds=1),
    "solve": Effort(seconds=10),
}
SAMPLE = Sample(ROWS, STAGES, EFFORTS, seconds=20)
DRAWS = {"A": 100, "B": 400}
MODELS = {"synthesize": Model(10), "solve": Model(10)}


def test_each_subset_counts_by_its_size():
    found = project(SAMPLE, DRAWS, MODELS, None, seed=0)
    assert (found.sampled, found.draws) == (14, 500)
    stages = {one.stage: one for one in found.stages}
    assert [round(one.rows.rows_in) for one in found.stages] == [500, 490, 480, 480]
    assert stages["synthesize"].rows.share.estimate == pytest.approx(490 / 500)
    assert stages["solve"].rows.share.estimate == pytest.approx(470 / 480)
    assert found.aim.rows.estimate == pytest.approx(70 + 400)
    assert stages["synthesize"].used["requests"].estimate == pytest.approx(500)
    asked = stages["solve"].used["requests"]
    assert asked.estimate == pytest.approx((6 * 3 + 10 + 10) * 10 + 5 * 400)
    assert asked.low < asked.estimate < asked.high
    assert stages["solve"].used["prompt_tokens"].estimate == pytest.approx(600 * asked.estimate)
    assert found.used["requests"].estimate == pytest.approx(500 + asked.estimate)
    assert "cost" not in found.used


def test_time_grows_by_what_the_servers_or_the_sandboxes_are_busy_for():
    found = project(SAMPLE, DRAWS, MODELS, None, seed=0)
    # 2,380 attempts of 2 s, 58 of them in the sample, 10 at a time; the start was paid once.
    seconds = found.stages[3].used["seconds"].estimate
    assert seconds == pytest.approx(10 + 2 * (2380 - 58) / 10)
    assert found.used["seconds"].estimate == pytest.approx(seconds + 4 + (500 - 14) / 10 + 2 + 4)
    # Two workers that the trials of the sample kept busy for 29 s: half a second each.
    slow = {**EFFORTS, "solve": Effort(seconds=20, sandbox_seconds=29, worker_seconds=40)}
    few = {stage: Model(5) for stage in MODELS}
    found = project(replace(SAMPLE, efforts=slow), DRAWS, few, None, seed=0)
    assert found.stages[3].used["seconds"].estimate == pytest.approx(20 + 2 * (2380 - 58) / 5)
    many = {stage: Model(10_000) for stage in MODELS}
    found = project(replace(SAMPLE, efforts=slow), DRAWS, many, None, seed=0)
    assert found.stages[3].used["seconds"].estimate == pytest.approx(20 + 0.25 * (2380 - 58))


def test_cost_needs_every_price():
    price = Price(prompt=1, completion=10)
    one = project(SAMPLE, DRAWS, MODELS | {"solve": Model(10, price)}, None, seed=0)
    cost = one.stages[3].used["cost"].estimate
    assert cost == pytest.approx(2380 * (600 * 1 + 400 * 10) / 1e6)
    assert "cost" not in one.used
    every = {stage: Model(10, price) for stage in MODELS}
    both = project(SAMPLE, DRAWS, every, None, seed=0)
    assert both.used["cost"].estimate == pytest.approx(cost + 500 * (60 + 400) / 1e6)


def test_a_server_that_counts_no_tokens_has_no_forecast_of_them():
    rows = tuple(
        replace(one, uses={stage: Use(use.requests, 0, 0, 1.0) for stage, use in one.uses.items()})
        for one in ROWS
    )
    models = {stage: Model(10, Price(prompt=1)) for stage in MODELS}
    found = project(replace(SAMPLE, rows=rows), DRAWS, models, None, seed=0)
    assert found.used["requests"].estimate > 0
    assert not {"prompt_tokens", "completion_tokens", "cost"} & set(found.used)


def test_gpus_are_paid_for_while_they_are_held():
    efforts = {
        **EFFORTS,
        "deduplicate": Effort(seconds=1, gpu_seconds=4, gpu_cost=0.002),
        "solve": Effort(seconds=10, gpu_seconds=40, gpu_cost=0.02),
    }
    price = Price(gpu_hour=1.8)
    models = {stage: Model(10, price) for stage in MODELS}
    found = project(replace(SAMPLE, efforts=efforts), DRAWS, models, None, seed=0)
    hours = found.stages[3].used["gpu_hours"].estimate
    assert hours == pytest.approx(4 * found.stages[3].used["seconds"].estimate / 3600)
    assert found.stages[3].used["cost"].estimate == pytest.approx(1.8 * hours)
    assert found.used["cost"].estimate == pytest.approx(1.8 * hours + 0.002)


def test_a_target_is_met_with_a_part_of_the_questions():
    found = project(SAMPLE, DRAWS, MODELS, Target(rows=47), seed=0)
    assert found.aim.attempted == pytest.approx(0.1)
    assert found.aim.rows.estimate == found.aim.rows.high == 47
    assert found.stages[3].used["requests"].estimate == pytest.approx(238)
    assert found.stages[0].used["requests"].estimate == pytest.approx(500)
    assert not found.aim.missing


def test_a_cell_that_the_draws_are_not_enough_for_is_named():
    target = Target(per_difficulty={"easy": 30, "hard": 40}, per_subset={"B": 100})
    found = project(SAMPLE, DRAWS, MODELS, target, seed=0)
    assert found.aim.attempted == 1
    assert found.aim.missing == ("per_difficulty.hard: 40 wanted, about 10 expected of all draws",)
    assert found.aim.rows.estimate == 100


def test_a_sample_that_nothing_came_through():
    rows = tuple(row("A", survived=0) for _ in range(5))
    found = project(replace(SAMPLE, rows=rows), {"A": 50}, MODELS, Target(rows=5), seed=0)
    assert found.aim.rows.estimate == 0
    assert 0 < found.aim.rows.high <= 5
    assert found.stages[3].rows.share is None
    assert found.aim.missing == ("rows: 5 wanted, about 0 expected of all draws",)


def test_one_row_a_subset_has_no_bounds_but_of_shares():
    found = project(replace(SAMPLE, rows=(row("A"), row("B"))), DRAWS, MODELS, None, seed=0)
    assert found.used["requests"].estimate == pytest.approx(2000)
    assert found.used["requests"].low is None
    assert found.aim.rows.low is not None
