import pytest

from kodgen.config import ContaminationPolicy
from kodgen.contamination.auditing import Finding, finding
from kodgen.contamination.layer import Hit
from kodgen.contamination.layers.embedding import Nearest
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.shown_pairs import NEAREST, OF_SUBSET, PairChoice
from kodgen.contamination.tally import Tally
from kodgen.contamination.task import BenchmarkTask

POLICY = ContaminationPolicy()
TASKS = [
    BenchmarkTask(benchmark=name, task_id=str(number), views={"prompt": f"Task {number}."})
    for name in ("a", "b")
    for number in range(4)
]


def hit(layer: str, score: float, task: str) -> Hit:
    benchmark, task_id = task.split("/")
    return Hit(
        layer=layer, benchmark=benchmark, task_id=task_id, field="question", view="prompt", score=score
    )  # fmt: skip


def row(
    name: str, subset: str, *hits: Hit, near: tuple[int, float] | None = None, trouble: str = ""
) -> Finding:
    nearest = None if near is None else Nearest(TASKS[near[0]], near[1], truncated=near[1] > 0.9)
    return finding(
        AuditedRow(name, f"Question {name}.", subset=subset), hits, POLICY, nearest, trouble
    )


FOUND = [
    row("1", "x", hit("exact", 1, "a/0"), hit("ngram", 0.9, "a/0"), near=(0, 1.0)),
    row("2", "x", hit("structure", 1, "a/1"), hit("ngram", 0.1, "b/1"), near=(5, 0.8)),
    row("3", "x", hit("ngram", 0.1, "a/1"), near=(1, 0.61)),
    row("4", "y", near=(4, 0.2)),
    row("5", "y", trouble="no_question"),
]


def tallied() -> Tally:
    tally = Tally({"a": 4, "b": 4}, POLICY)
    for found in FOUND:
        tally.add(found)
    return tally


def test_rows_are_counted_by_status_and_subset() -> None:
    tally = tallied()
    assert tally.totals().model_dump() == {
        "rows": 5, "clean": 1, "review": 1, "contaminated": 2, "error": 1,
    }  # fmt: skip
    assert [(one.subset, one.rows, one.error) for one in tally.subsets()] == [
        ("x", 3, 0),
        ("y", 2, 1),
    ]


def test_percentages_are_of_the_subset() -> None:
    cells = {(cell.benchmark, cell.subset): cell for cell in tallied().matrix()}
    assert len(cells) == 4
    assert (cells["a", "x"].contaminated, cells["a", "x"].review) == (2, 1)
    assert cells["a", "x"].contaminated_percent == pytest.approx(66.6667)
    # Row 2 is contaminated with `a`; with `b` it is to be reviewed.
    assert (cells["b", "x"].contaminated, cells["b", "x"].review) == (0, 1)
    assert (cells["b", "y"].rows, cells["b", "y"].contaminated_percent) == (2, 0.0)


def test_tasks_that_were_found_are_named_with_what_found_them() -> None:
    a, b = tallied().coverage()
    assert (a.contaminated, a.review, a.contaminated_percent) == (2, 0, 50.0)
    assert [(one.task_id, one.status, one.rows, one.layers) for one in a.found] == [
        ("0", "contaminated", 1, ("exact", "ngram")),
        ("1", "contaminated", 1, ("structure",)),
    ]
    assert (b.contaminated, b.review, b.review_percent) == (0, 1, 25.0)


def test_layers_are_counted_together_and_alone() -> None:
    tally = tallied()
    assert tally.by_layer("ngram") == {"contaminated": 1, "review": 2, "alone": 0}
    assert tally.by_layer("structure") == {"contaminated": 1, "review": 0, "alone": 1}


def test_cosines_make_a_histogram_and_a_sweep() -> None:
    tally = tallied()
    every, x, y = tally.histograms()
    assert (every.subset, every.rows, sum(every.bins), every.max) == ("*", 4, 4, 1.0)
    assert (every.bins[49], every.bins[40], every.bins[30], every.bins[10]) == (1, 1, 1, 1)
    assert (every.p50, every.p95) == (0.61, 1.0)
    assert (x.rows, y.rows) == (3, 1)
    sweep = {(one.benchmark, one.threshold): (one.rows, one.tasks) for one in tally.sweep()}
    assert len(sweep) == 100
    assert sweep["a", 0.5] == (2, 2)
    assert sweep["a", 0.62] == (1, 1)
    assert sweep["b", 0.8] == (1, 1)
    assert sweep["b", 0.81] == (0, 0)
    assert tally.truncated_percent() == 25.0


def test_without_an_embedding_there_is_none_of_that() -> None:
    tally = Tally({"a": 4}, POLICY)
    tally.add(row("1", "x", hit("exact", 1, "a/0")))
    assert tally.histograms() == tally.sweep() == ()
    assert tally.truncated_percent() is None


def test_the_weightiest_pairs_are_shown_first_and_none_twice() -> None:
    choice = PairChoice(TASKS, POLICY, seed=0)
    for found in FOUND:
        choice.add(found)
    pairs = choice.pairs()
    names = [(pair.id, f"{pair.benchmark}/{pair.task_id}", pair.status) for pair in pairs]
    assert names[0] == ("1", "a/0", "contaminated")
    assert set(names) == {
        ("1", "a/0", "contaminated"),
        ("2", "a/1", "contaminated"),
        ("2", "b/1", "review"),
        ("3", "a/1", "review"),
        ("4", "b/0", "clean"),
    }
    assert len(names) == 5
    by_name = {name[:2]: pair for name, pair in zip(names, pairs, strict=True)}
    assert by_name["2", "b/1"].similarity == 0.8
    assert by_name["2", "a/1"].similarity is None
    assert by_name["1", "a/0"].hits[0]["layer"] == "exact"


def test_pairs_are_bounded_and_drawn_alike_each_time() -> None:
    def chosen() -> list[str]:
        choice = PairChoice(TASKS, POLICY, seed=0)
        for number in range(1000):
            choice.add(row(str(number), "x", hit("exact", 1, "a/0")))
        return [pair.id for pair in choice.pairs()]

    assert chosen() == chosen()
    assert NEAREST <= len(chosen()) <= NEAREST + OF_SUBSET + 40
