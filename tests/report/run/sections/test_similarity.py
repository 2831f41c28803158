"""How near questions come to tasks."""

from kodgen.report.run.sections.similarity import similarity_panels
from tests.report.run.sections.making import histogram

EVERY = histogram(0.1, 0.3, 0.8)
BY_SUBSET = {"A": histogram(0.1, 0.3), "B": histogram(0.8)}


def test_all_together_then_each_subset_of_several():
    first, second = similarity_panels(["A", "B"], EVERY, BY_SUBSET, "hashing")
    assert "“hashing”" in first.told
    told, bins = first.tables
    assert [row[:3] for row in told.rows] == [
        ["all", "3", "0.400"],
        ["A", "2", "0.200"],
        ["B", "1", "0.800"],
    ]
    assert [list(row) for row in bins.rows] == [
        ["0.00", "1", "1", "0"],
        ["0.25", "1", "1", "0"],
        ["0.50", "0", "0", "0"],
        ["0.75", "1", "0", "1"],
    ]
    assert second.tables == [told]


def test_one_subset_has_no_panel_of_its_own():
    assert len(similarity_panels(["A"], EVERY, {"A": EVERY}, "hashing")) == 1
