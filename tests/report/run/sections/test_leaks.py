"""Which benchmarks rows leak."""

from kodgen.report.run.sections.leaks import section
from kodgen.report.run.values import Leaks
from tests.report.run.sections.making import histogram, rows, values


def test_leaks_by_benchmark_those_of_a_subset_without_questions_too():
    leaks = Leaks(
        benchmarks=("humaneval", "mbpp"),
        cells={("humaneval", "A"): 3, ("mbpp", "gone"): 1},
        compared={"A": 1500},
        similarity={},
        every=None,
        embedder="e",
    )
    found = section(values(leaks=leaks))
    assert rows(found, "Rows that leak a benchmark") == [
        ["A", "1,500", "3", "0"],
        ["gone", "0", "0", "1"],
    ]
    assert len(found.panels) == 1


def test_similarities_are_told_without_any_benchmark_that_leaked():
    every = histogram(0.1, 0.9)
    leaks = Leaks((), {}, {"A": 2}, {"A": every}, every, "e")
    assert [panel.tables[0].caption for panel in section(values(leaks=leaks)).panels] == [
        "Cosine to the nearest task"
    ]


def test_nothing_compared_is_not_called_clean():
    found = section(values())
    assert found.panels == []
    assert "nothing is known of leaks" in found.without
