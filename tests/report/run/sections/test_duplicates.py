"""Clusters of questions."""

from kodgen.report.run.sections.duplicates import section
from kodgen.report.run.values import Cluster, Copy, Duplicates
from tests.report.run.sections.making import rows, values

COPIES = tuple(Copy(f"c{n}", "A", "near_duplicate", 0.9, f"copy {n}") for n in range(5))


def test_sizes_and_the_largest_with_the_first_few_copies():
    largest = (Cluster("kept", "some  text", 5, COPIES), Cluster("before", "", 1, COPIES[:1]))
    found = section(values(duplicates=Duplicates({5: 1, 1: 7}, largest)))
    assert rows(found, "Questions by how many were dropped for them") == [["1", "7"], ["5", "1"]]
    first, second = rows(found, "The largest clusters")
    assert first[:3] == ["kept", "5", "some text"]
    assert first[3].splitlines() == [f"[near duplicate, 0.900] copy {n}" for n in range(3)]
    assert second[2] == "released before, not of this run"


def test_only_a_kept_question_of_this_run_can_be_looked_up():
    largest = (Cluster("kept", "text", 1, ()), Cluster("before", "", 1, ()))
    found = section(values(duplicates=Duplicates({1: 2}, largest)))
    cells = [row[0].find for row in found.panels[1].tables[0].rows]
    assert cells == ["kept", ""]
