import subprocess
import sys
from collections.abc import Sequence

import pytest

from kodgen.contamination.layer import Hit
from kodgen.contamination.layers.embedding import MOST_NEAR, EmbeddingLayer
from kodgen.contamination.meaning.calibration import calibration_of
from kodgen.contamination.meaning.commonplace import commonplace
from kodgen.contamination.meaning.meaning import Meaning
from kodgen.contamination.meaning.windows import MOST
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.task import BenchmarkTask
from kodgen.contamination.views import task_views
from kodgen.similarity.hashing import READS, HashingEmbedder

FERRY = (
    "A ferry carries lorries over a fjord. Given the weights of the lorries in their queue and the "
    "ferry's limit, return how many crossings it takes if nobody may overtake."
)
TIDES = "Given hourly water levels, return the hours at which the tide turns from ebb to flood."
STUB = 'def crossings(weights, limit):\n    """' + FERRY + '"""\n'


def task(benchmark: str, number: str, prompt: str) -> BenchmarkTask:
    return BenchmarkTask(benchmark=benchmark, task_id=number, views=task_views(prompt))


TASKS = [
    task("fjords", "1", STUB),
    task("fjords", "2", TIDES),
    task("seas", "1", "Salt a herring."),
]


def rows(*questions: str) -> list[AuditedRow]:
    return [AuditedRow(str(number), question) for number, question in enumerate(questions)]


def found(
    questions: Sequence[str], tasks: Sequence[BenchmarkTask] = TASKS
) -> list[tuple[int, Hit]]:
    return list(EmbeddingLayer(tasks, HashingEmbedder()).hits(rows(*questions)))


def test_a_task_is_found_in_its_own_words_in_another_language_and_amid_code() -> None:
    java = f"/**\n * {FERRY}\n */\npublic static int trips(int[] loads, int most) {{\n"
    questions = [STUB, FERRY, f"Write a Java function that solves this. {FERRY}", java]
    hits = found(questions)
    assert [number for number, _ in hits] == [0, 1, 2, 3]
    assert {hit.task for _, hit in hits} == {"fjords/1"}
    verbatim = hits[0][1]
    assert verbatim.score == pytest.approx(1, abs=1e-4)
    assert verbatim.evidence["cosine"] == pytest.approx(1, abs=1e-4)
    assert verbatim.evidence["calibrated"] is True


def test_other_tasks_and_common_exercises_are_no_hits() -> None:
    questions = [
        "Given the weights of parcels, return the heaviest.",
        "Reverse a linked list.",
        "Build a web page with a table of ferries.",
    ]
    assert found(questions) == []


def test_what_is_as_close_to_a_common_exercise_weighs_less() -> None:
    common = commonplace()[60]
    tasks = [task("all", "common", f"{common} Then print it."), *TASKS]
    scores = {
        hit.task_id: hit.score
        for _, hit in EmbeddingLayer(tasks, HashingEmbedder()).hits(
            rows(f"{common} Then show it.", FERRY.replace("fjord", "lake"))
        )
    }
    assert scores.get("common", 0.0) < scores["1"]


def test_what_anybody_asks_for_is_no_hit_though_a_benchmark_holds_much_of_it() -> None:
    common = [
        task("common", f"{n}", f"Write a function to {text}")
        for n, text in enumerate(commonplace())
    ]
    asked = "Find the shortest word in a sentence."
    layer = EmbeddingLayer([*TASKS, *common], HashingEmbedder())
    assert layer.calibration.raised.keys() == {"common"}
    free = layer.calibration.model_copy(update={"raised": {}})
    signals = Meaning(common, HashingEmbedder()).compare([asked]).signals
    assert free.scores(signals).max() >= free.review
    hits = list(layer.hits(rows(asked, STUB, common[5].text)))
    assert [(number, hit.task) for number, hit in hits if number != 2] == [(1, "fjords/1")]
    assert {hit.task for number, hit in hits if number == 2} >= {"common/5"}
    assert {hit.evidence["raised"] for number, hit in hits if number == 1} == {0.0}
    assert {hit.evidence["raised"] > 0 for number, hit in hits if number == 2} == {True}


def test_every_row_has_a_nearest_task_of_each_benchmark_and_a_cosine_though_no_hit() -> None:
    layer = EmbeddingLayer(TASKS, HashingEmbedder())
    block = rows("Sort the water bottles by height.", " \n", STUB)
    low, blank, same = layer.nearest(block)
    assert low is not None
    assert low.task in TASKS
    assert 0 < low.cosine < 0.5
    assert not low.truncated
    assert blank is None
    assert same is not None
    assert same.cosine == pytest.approx(1, abs=1e-5)
    assert set(layer.nearest_by_benchmark(block)[0]) == {"fjords", "seas"}
    assert {number for number, _ in layer.hits(block)} == {2}
    assert layer.unseen == {"empty_question": 1}


def trying(score: float) -> EmbeddingLayer:
    embedder = HashingEmbedder()
    calibration = calibration_of(embedder).model_copy(update={"tried": score})
    return EmbeddingLayer(TASKS, embedder, calibration)


def test_tasks_are_near_below_the_limit_too_the_best_of_each_benchmark_first() -> None:
    question = "How many trips must a ferry make for a queue of lorries?"
    block = rows("Sort a list.", " \n", question, STUB)
    layer = trying(0.3)
    unlike, blank, reworded, same = layer.near(block)
    assert (unlike, blank) == ((), ())
    assert reworded[0] == same[0] == "fjords/1"
    assert {number for number, _ in layer.hits(block)} == {3}
    everything = trying(0.0).near(block)
    assert everything[1] == ()
    assert [set(names) for names in (everything[0], everything[2], everything[3])] == [
        {"fjords/1", "fjords/2", "seas/1"}
    ] * 3
    assert trying(1.0).near(block[:3]) == [(), (), ()]


def test_no_more_than_some_tasks_of_a_benchmark_are_near_whatever_the_others_hold() -> None:
    many = [task("many", str(number), f"{FERRY} Port {number}.") for number in range(9)]
    (alone,) = EmbeddingLayer(TASKS, HashingEmbedder()).near(rows(STUB))
    (joint,) = EmbeddingLayer([*TASKS, *many], HashingEmbedder()).near(rows(STUB))
    assert [name for name in joint if not name.startswith("many/")] == list(alone)
    assert len(joint) == len(alone) + MOST_NEAR


def test_what_is_taken_off_for_a_benchmark_keeps_no_task_from_being_near() -> None:
    layer = EmbeddingLayer(TASKS, HashingEmbedder())
    block = rows("A ferry carries cars: how many crossings until all of the queue is over?")
    assert [hit.task for _, hit in layer.hits(block)] == ["fjords/1"]
    common = EmbeddingLayer(TASKS, HashingEmbedder())
    common.calibration = layer.calibration.model_copy(update={"raised": {"fjords": 9.0}})
    assert list(common.hits(block)) == []
    assert common.near(block) == layer.near(block) == [("fjords/1",)]


def test_a_task_within_a_long_text_is_found_and_the_length_told() -> None:
    filler = " ".join(f"herring{number}" for number in range(2 * READS))
    block = rows(f"{filler} {STUB} {filler}", STUB)
    layer = EmbeddingLayer(TASKS, HashingEmbedder())
    long, short = layer.nearest(block)
    assert long is not None
    assert short is not None
    assert (long.truncated, short.truncated) == (True, False)
    assert long.task.name == "fjords/1"
    # Two windows of the middle hold the task whole, so it is as near as it would be in one alone.
    one_window = EmbeddingLayer(TASKS, HashingEmbedder()).nearest(rows(f"{filler} {filler}"))[0]
    assert one_window is not None
    assert long.cosine > one_window.cosine + 0.1
    assert not layer.unseen


def test_a_text_without_end_is_read_in_part_and_says_so() -> None:
    layer = EmbeddingLayer(TASKS, HashingEmbedder())
    endless = " ".join(f"word{number}" for number in range(READS * MOST))
    assert list(layer.hits(rows(endless))) == []
    assert layer.unseen == {"unread_end": 1}


def test_hits_depend_on_no_order_and_no_company() -> None:
    questions = [STUB, TIDES, FERRY, "Salt a herring well.", "Sort a list."]
    alone = {question: [hit for _, hit in found([question])] for question in questions}
    for order, tasks in ((questions, TASKS), (questions[::-1], TASKS[::-1])):
        together: dict[str, list[Hit]] = {question: [] for question in order}
        for number, hit in found(order, tasks):
            together[order[number]].append(hit)
        assert together == alone


def test_equal_benchmarks_are_each_told() -> None:
    tasks = [task("b", "1", STUB), task("a", "1", STUB)]
    assert [hit.benchmark for _, hit in found([STUB], tasks)] == ["a", "b"]


def test_no_tasks_are_refused() -> None:
    with pytest.raises(ValueError, match="no benchmark tasks"):
        EmbeddingLayer([], HashingEmbedder())


def test_it_imports_nothing_heavy() -> None:
    code = (
        "import sys, kodgen.contamination.layers.embedding;"
        "print([n for n in ('numpy', 'torch', 'faiss', 'sentence_transformers') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
