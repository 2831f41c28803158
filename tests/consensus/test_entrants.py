"""Which trials are compared, and which pairs are run."""

from kodgen.consensus.cell import Cell
from kodgen.consensus.entrants import Comparison, entrants_of
from kodgen.records import TestResult, Verdict
from tests import specimens

ADD = "def add(a, b):\n    return a + b\n"
TEST = "from solution import add\n\ndef test_a():\n    assert add(1, 2) == 3\n"
OTHER_TEST = TEST.replace("1, 2) == 3", "2, 2) == 4")


def trial(attempt, solution=ADD, test=TEST, outcome="passed", reason="", **tests):
    results = tuple(TestResult(name=name, outcome=said) for name, said in tests.items())
    said = Verdict(outcome=outcome, reason=reason, tests=results, isolation="namespaces")
    return specimens.trial("q", attempt, solution=solution, test=test, verdict=said)


def attempts(trials, most=10):
    return [entrant.trial.attempt for entrant in entrants_of(trials, most)]


def test_who_is_left_out():
    trials = [
        trial(0, solution=None, test=None, outcome="error", reason="no_solution_found"),
        trial(1, outcome="tampered", reason="control_passed"),
        trial(2, solution="def add(a, b) return", outcome="error", reason="syntax_error"),
        trial(3, outcome="error", reason="missing_dependency"),
        trial(4, outcome="failed", reason="assertion"),
        trial(5),
    ]
    assert attempts(trials) == [4, 5]


def test_passing_trials_come_first_where_there_are_too_many():
    trials = [trial(0, outcome="failed"), trial(1), trial(2, outcome="failed"), trial(3)]
    assert attempts(trials, 3) == [0, 1, 3]


def test_whose_tests_judge():
    copied = ADD + "\ndef test_a():\n    assert add(1, 2) == 3\n"
    trials = [
        trial(0),
        trial(1, outcome="vacuous"),
        trial(2, outcome="flaky"),
        trial(3, test="def test_a( assert", outcome="error", reason="syntax_error"),
        trial(4, test=copied, outcome="failed"),
        trial(5, test="from solution import *\ndef f():\n    nonlocal x\n", outcome="error"),
    ]
    comparison = Comparison(entrants_of(trials, 10))
    assert len(comparison.entrants) == 6
    assert [one.trial.attempt for one in comparison.judges] == [0]


def test_the_same_code_is_run_once():
    trials = [
        trial(0, a="passed"),
        trial(1, ADD + "# the same\n", OTHER_TEST, a="passed"),
        trial(2, ADD.replace("a + b", "b + a"), TEST + "# the same\n", a="passed"),
    ]
    comparison = Comparison(entrants_of(trials, 10))
    (run,) = comparison.runs()
    assert (run.solution.trial.attempt, run.test.trial.attempt) == (2, 1)
    said = trial(0, outcome="failed", a="failed").verdict
    cells = comparison.cells({run.key: said})
    assert len(cells) == 9
    assert cells["q/2", "q/1"] == Cell({"a": 0})
    assert cells["q/0", "q/2"] == Cell({"a": 1})


def test_tests_that_do_not_fit_are_no_results():
    test = TEST + "\ndef test_b():\n    assert add(1, b=2) == 3\n"
    trials = [
        trial(0, test=test, test_a="passed", test_b="passed"),
        trial(1, "def add(a, c):\n    return a + c\n", OTHER_TEST, test_a="passed"),
    ]
    comparison = Comparison(entrants_of(trials, 10))
    said = trial(0, outcome="failed", test_a="passed", test_b="failed").verdict
    cells = comparison.cells({run.key: said for run in comparison.runs()})
    assert cells["q/1", "q/0"] == Cell({"test_a": 1, "test_b": None})
