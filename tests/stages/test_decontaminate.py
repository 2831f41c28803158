import json
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kodgen.config import Bounds, ContaminationPolicy, Decontaminate
from kodgen.contamination.task import BenchmarkTask
from kodgen.records import Question
from kodgen.similarity.hashing import HashingEmbedder
from kodgen.similarity.vector_store import CachedEmbedder
from kodgen.stages.base import Outcome
from kodgen.stages.decontaminate import DecontaminateStage

TASKS = (
    BenchmarkTask(
        benchmark="mbpp", task_id="1", views={"prompt": "Count the vowels of a given string."}
    ),
    BenchmarkTask(
        benchmark="own", task_id="x", views={"prompt": "Say on which weekday a given date falls."}
    ),
)


def question(name: str, text: str) -> Question:
    return Question(
        id=name,
        subset="s",
        text=text,
        seed_ids=("seed:s/1",),
        licenses=("MIT",),
        method="snippet",
        model="m",
        prompt_version="v",
    )


ROWS = [
    question("z", "count the VOWELS of a given string"),
    question("b", "Multiply two matrices."),
    question("a", "Find the weekday on which most of the given dates fall."),
]


def process(section: Decontaminate) -> Outcome[Question]:
    return DecontaminateStage(section, TASKS).process(ROWS)


def run(
    rows: list[Question], tasks: tuple[BenchmarkTask, ...] = TASKS, threshold: float = 0.95
) -> Outcome[Question]:
    return DecontaminateStage(Decontaminate(threshold=threshold), tasks).process(rows)


def test_every_kept_row_says_how_near_it_comes_and_to_what() -> None:
    outcome = run(ROWS)
    assert [row.id for row in outcome.kept] == ["a", "b"]
    near, far = outcome.kept
    assert near.benchmark_task_id == "own/x"
    assert near.benchmark_similarity is not None
    assert far.benchmark_similarity is not None
    assert far.benchmark_similarity < near.benchmark_similarity < 0.95
    unsaid = {"benchmark_similarity": None, "benchmark_task_id": None}
    assert near.model_copy(update=unsaid) == ROWS[2]


def test_a_leak_is_rejected_with_its_evidence() -> None:
    (leak,) = run(ROWS).rejected
    assert (leak.id, leak.stage, leak.reason) == ("z", "decontaminate", "benchmark_leak")
    shown = json.loads(leak.evidence)
    assert (shown["task"], shown["score"], shown["status"]) == ("mbpp/1", 1.0, "contaminated")
    assert {"exact", "embedding"} <= set(shown["layers"])
    assert {hit["field"] for hit in shown["hits"]} == {"question"}
    assert Question.model_validate_json(leak.row).text == ROWS[0].text


def test_rows_to_be_reviewed_are_rejected_where_that_is_asked_for() -> None:
    near = run(ROWS).kept[0].benchmark_similarity
    assert near is not None
    policy = ContaminationPolicy(embedding=Bounds(contaminated=0.95, review=near))
    assert [row.id for row in process(Decontaminate(policy=policy)).rejected] == ["z"]
    strict = process(Decontaminate(policy=policy, reject="review"))
    assert [row.id for row in strict.rejected] == ["a", "z"]
    assert json.loads(strict.rejected[0].evidence)["status"] == "review"


def test_the_policy_s_own_bound_goes_before_the_threshold() -> None:
    policy = ContaminationPolicy(
        embedding=Bounds(contaminated=None, review=1),
        exact=Bounds(),
        ngram=Bounds(),
        literals=Bounds(),
    )
    assert process(Decontaminate(threshold=0.1, policy=policy)).rejected == ()


def test_the_threshold_decides() -> None:
    near = run(ROWS).kept[0].benchmark_similarity
    assert near is not None
    assert [row.id for row in run(ROWS, threshold=near).rejected] == ["a", "z"]


def test_without_benchmarks_rows_pass_untouched_and_sorted() -> None:
    assert run(ROWS, ()) == Outcome(kept=(ROWS[2], ROWS[1], ROWS[0]))


def test_a_blank_question_is_never_clean() -> None:
    outcome = run([question("a", "  "), question("b", "Multiply two matrices.")])
    assert [row.id for row in outcome.kept] == ["b"]
    assert [(row.id, row.reason) for row in outcome.rejected] == [("a", "empty_question")]


def test_rows_that_share_an_id_are_judged_apart() -> None:
    outcome = run([question("a", ROWS[0].text), question("a", "Multiply two matrices.")])
    assert (len(outcome.kept), len(outcome.rejected)) == (1, 1)


def test_no_rows_are_no_rows() -> None:
    assert run([]) == Outcome()


class Counting(HashingEmbedder):
    """Counts the texts that it embeds."""

    def __init__(self) -> None:
        super().__init__()
        self.embedded: list[str] = []

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.embedded += texts
        return super().encode(texts)


def test_what_was_embedded_once_is_not_embedded_again(tmp_path: Path) -> None:
    def again(rows: list[Question]) -> tuple[Outcome[Question], list[str]]:
        counting = Counting()
        stage = DecontaminateStage(
            Decontaminate(), TASKS, opened=lambda: CachedEmbedder(counting, tmp_path)
        )
        return stage.process(rows), counting.embedded

    first, embedded = again(ROWS[:2])
    assert {ROWS[0].text, ROWS[1].text} <= set(embedded)
    assert first == run(ROWS[:2])
    outcome, embedded = again(ROWS)
    assert set(embedded) == {ROWS[2].text}
    assert outcome == run(ROWS)


def test_without_benchmarks_no_embedder_is_opened() -> None:
    def opened() -> HashingEmbedder:
        raise AssertionError

    assert len(DecontaminateStage(Decontaminate(), (), opened).process(ROWS).kept) == len(ROWS)


def test_order_changes_nothing() -> None:
    expected = run(ROWS)
    for rows in permutations(ROWS):
        for tasks in permutations(TASKS):
            assert run(list(rows), tasks) == expected
