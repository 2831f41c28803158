from collections.abc import Sequence

import numpy as np
import pytest

from kodgen.contamination.meaning.calibration import (
    CAUTIOUS,
    REVIEW,
    Calibration,
    calibration_of,
    shipped,
)
from kodgen.contamination.meaning.commonplace import commonplace
from kodgen.contamination.meaning.crowd import MADE_UP_SHARE, Crowd, exercises, made_up
from kodgen.contamination.meaning.meaning import Meaning, Signals
from kodgen.contamination.task import BenchmarkTask
from kodgen.similarity.hashing import HashingEmbedder


class Unknown(HashingEmbedder):
    """An embedder that nobody has measured."""

    name = "unknown"
    revision = "none"


def signals(rows: Sequence[tuple[float, float, float]]) -> Signals:
    whole, gist, common = (np.array(column, np.float32) for column in zip(*rows, strict=True))
    return Signals(
        whole=whole[:, None],
        gist=gist[:, None],
        any=np.maximum(whole, gist)[:, None],
        commonplace=common,
        exercise=np.zeros(len(rows), np.int64),
    )


def benchmark(name: str, statements: Sequence[str]) -> list[BenchmarkTask]:
    return [
        BenchmarkTask(benchmark=name, task_id=str(number), views={"prompt": text})
        for number, text in enumerate(statements)
    ]


COMMON = benchmark(
    "common", [f"Write a function to {text[0].lower()}{text[1:]}" for text in commonplace()[::2]]
)
CONTEST = benchmark("contest", [text.replace("`", "") for text in made_up().texts[::3]])
FEW = benchmark("few", ["Salt a herring.", "Return the hours at which the tide turns."])


def fitted(tasks: Sequence[BenchmarkTask], **changes: float) -> Calibration:
    found = calibration_of(HashingEmbedder()).model_copy(update=changes)
    return found.fitted(Meaning(tasks, HashingEmbedder()), [task.benchmark for task in tasks])


def reached(tasks: Sequence[BenchmarkTask], crowd: Crowd) -> float:
    """Share of a crowd that reaches the limit of the tasks' benchmark."""
    scores = fitted(tasks).scores(
        Meaning(tasks, HashingEmbedder()).crowd(crowd), [task.benchmark for task in tasks]
    )
    return float((scores >= REVIEW).any(axis=1).mean())


def test_a_benchmark_of_what_anybody_asks_for_has_a_higher_limit() -> None:
    assert fitted(COMMON).raised["common"] > 0.1
    assert fitted(CONTEST).raised["contest"] > 0.1
    assert fitted(FEW).raised == {}


def test_no_more_of_our_own_requests_reach_a_limit_than_is_said() -> None:
    allowed = calibration_of(HashingEmbedder()).exercises
    assert 0 < reached(COMMON, exercises()) <= allowed
    assert 0 < reached(CONTEST, made_up()) <= MADE_UP_SHARE


def test_the_more_exercises_may_reach_a_limit_the_lower_it_is() -> None:
    limits = [fitted(COMMON, exercises=share).raised.get("common", 0) for share in (0, 0.1, 0.3, 1)]
    assert limits == sorted(limits, reverse=True)
    assert limits[0] > limits[2]
    assert limits[2] > limits[3]


def test_a_benchmark_s_limit_depends_on_no_other_and_on_no_order() -> None:
    together = fitted([*FEW, *COMMON, *CONTEST]).raised
    assert together == {**fitted(COMMON).raised, **fitted(CONTEST).raised}
    assert fitted([*CONTEST[::-1], *COMMON[::-1], *FEW]).raised == together


def test_what_is_taken_off_lowers_the_scores_of_that_benchmark_alone() -> None:
    one = calibration_of(HashingEmbedder()).model_copy(update={"raised": {"b": 2.0}})
    both = signals([(0.8, 0.8, 0.4)])
    pair = Signals(
        whole=np.repeat(both.whole, 2, axis=1),
        gist=np.repeat(both.gist, 2, axis=1),
        any=np.repeat(both.any, 2, axis=1),
        commonplace=both.commonplace,
        exercise=both.exercise,
    )
    free, held = one.scores(pair, ["a", "b"])[0]
    assert free == pytest.approx(one.scores(both)[0, 0])
    assert np.log(free / (1 - free)) - np.log(held / (1 - held)) == pytest.approx(2, abs=0.01)


def test_an_exercise_is_not_commonplace_because_of_itself() -> None:
    alone = Meaning(FEW, HashingEmbedder()).crowd(exercises())
    assert alone.commonplace.max() < 1
    assert all(nearest != number for number, nearest in enumerate(alone.exercise))


def test_requests_made_up_are_many_and_distinct() -> None:
    texts = made_up().texts
    assert len(set(texts)) == len(texts) >= 200
    assert MADE_UP_SHARE * len(texts) >= 4


def test_those_shipped_are_sound() -> None:
    assert {one.model for one in shipped()} >= {"hashing-2048"}
    assert len({one.revision for one in shipped()}) == len(shipped())
    for one in shipped():
        assert one.calibrated
        assert one.measured["CodeAlpaca"] <= 0.03
        assert one.measured["recorded"] <= 0.03
        assert one.measured["CodeAlpaca with mbpp"] <= 0.05
        assert one.measured["recorded with mbpp"] <= 0.05
        assert one.raised == {}


@pytest.mark.parametrize("one", shipped(), ids=lambda one: one.model)
def test_closeness_speaks_for_a_leak_and_common_exercises_against(one: Calibration) -> None:
    low, high, common = one.scores(
        signals([(0.4, 0.4, 0.4), (0.95, 0.95, 0.4), (0.95, 0.95, 0.95)])
    )[:, 0]
    assert low < REVIEW < high
    assert low <= common <= high


def test_the_one_for_an_embedder_goes_by_its_revision() -> None:
    assert calibration_of(HashingEmbedder()).model == "hashing-2048"


def test_an_unknown_model_gets_cautious_defaults_that_say_so() -> None:
    found = calibration_of(Unknown())
    assert not found.calibrated
    assert found.model == "unknown"
    scores = found.scores(signals([(CAUTIOUS, CAUTIOUS, 0.9), (0.95, 0.95, 0.9), (0.6, 0.6, 0.1)]))
    assert scores[:, 0] == pytest.approx([REVIEW, 0.953, 0.095], abs=0.002)
