"""The map of the questions."""

from kodgen.report.run.sections.chart_map import section
from kodgen.report.run.values import QuestionMap
from tests.report.run.sections.making import rows, values


def test_it_tells_where_subsets_lie():
    points = {"A": ((0.0, 0.0), (1.0, 0.0)), "B": ((0.5, 2.0),)}
    found = section(values(map=QuestionMap(points, shown=3, of=9, embedder="e", explained=0.25)))
    (panel,) = found.panels
    assert panel.told.startswith("3 of 9 questions")
    told = rows(found, "Where subsets lie on the map")
    assert [row[:2] for row in told] == [["A", "2"], ["B", "1"]]


def test_without_a_map_it_says_so():
    found = section(values())
    assert (found.panels, found.without) == ([], "There are too few questions for a map.")
