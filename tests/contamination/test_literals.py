"""The literals layer: pairs of inputs and results, in every form they are written in."""

import ast

import pytest

from kodgen.contamination.examples import example_pairs
from kodgen.contamination.literals import LiteralsLayer
from kodgen.contamination.pairs import checked_pairs
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.task import BenchmarkTask

TESTS = """
def check(candidate):
    assert candidate([31, 7, 12, 99], 'gamma') == [99, 31]
    assert candidate([5, 18, 44], 'delta') == [44, 5, 18]
    assert candidate([], 'x') == []
"""
TASK = BenchmarkTask(benchmark="own", task_id="1", views={"prompt": "text"}, tests=TESTS)
WRITTEN = {
    "assert": "def test_a():\n    assert f((31, 7, 12, 99), 'gamma') == [99, 31]\n"
    "    assert [44, 5, 18] == g(xs=[5, 18, 44], name='delta')\n",
    "unittest": "class T(TestCase):\n    def test_a(self):\n"
    "        self.assertEqual(f([31, 7, 12, 99], 'gamma'), [99, 31])\n"
    "        self.assertListEqual(sorted(f([5, 18, 44], 'delta')), [44, 5, 18])\n",
    "parametrize": "@pytest.mark.parametrize('a, b, c', [([31, 7, 12, 99], 'gamma', [99, 31]),\n"
    "    pytest.param([5, 18, 44], 'delta', [44, 5, 18])])\ndef test_a(a, b, c):\n    pass\n",
    "names": "def test_a():\n    xs = [31, 7, 12, 99]\n    assert f(xs, 'gamma') == [99, 31]\n"
    "    want = [44, 5, 18]\n    assert f([5, 18, 44], 'delta') == want\n",
}


def scores(row: AuditedRow, task: BenchmarkTask = TASK) -> list[float]:
    return [hit.score for _, hit in LiteralsLayer([task]).hits([row])]


@pytest.mark.parametrize("form", sorted(WRITTEN))
def test_two_telling_pairs_are_found_in_any_form(form: str) -> None:
    assert scores(AuditedRow("r", "q", None, WRITTEN[form])) == [1.0]


def test_one_pair_alone_is_not_reported_nor_is_a_trivial_one() -> None:
    [one] = WRITTEN["assert"].split("    assert [44")[:1]
    assert scores(AuditedRow("r", "q", None, one)) == []
    assert scores(AuditedRow("r", "q", None, "assert f([], 'x') == []")) == []


def test_the_same_inputs_with_other_results_are_no_hit() -> None:
    other = WRITTEN["assert"].replace("[99, 31]", "[7, 12]").replace("[44, 5, 18]", "[1]")
    assert scores(AuditedRow("r", "q", None, other)) == []


def test_examples_in_a_question_count_as_well() -> None:
    question = (
        "For instance `best([31, 7, 12, 99], 'gamma')` -> [99, 31], and\n"
        ">>> best([5, 18, 44], 'delta')\n[44, 5, 18]\n"
    )
    assert scores(AuditedRow("r", question)) == [1.0]


@pytest.mark.parametrize(
    "text",
    ["f(2.50) == 7", ">>> f(2.5)\n7", "f(2.5) ➞ 7", "f(2.5) should return 7.", "`f(2.5)` => `7`"],
)
def test_ways_of_writing_an_example(text: str) -> None:
    assert [pair.key for pair in example_pairs(text)] == ["(2.5) -> 7"]


def test_values_that_are_equal_are_spelled_alike() -> None:
    tests = "assert f({'b': 1.0, 'a': (2,)}, {3, 1}, -0) == 2.0 / 3.0\n"
    same = "assert abs(f({'a': [2], 'b': 1}, {1, 3}, 0) - 2 / 3) < 1e-9\n"
    first, second = (list(checked_pairs(ast.parse(text))) for text in (tests, same))
    assert [pair.key for pair in first] == [pair.key for pair in second] != []


def test_a_loop_that_draws_its_inputs_is_found_under_other_names() -> None:
    loop = (
        "def check(candidate):\n    for _ in range(100):\n        text = ''.join(choice(letters) "
        "for i in range(randint(10, 20)))\n        assert candidate(encode(text)) == text\n"
    )
    task = BenchmarkTask(benchmark="own", task_id="2", views={"prompt": "text"}, tests=loop)
    renamed = loop.replace("candidate", "decode").replace("text", "word")
    assert scores(AuditedRow("r", "q", None, renamed), task) == [1.0]
    assert scores(AuditedRow("r", "q", None, renamed.replace("20", "30")), task) == []


def test_tests_that_do_not_parse_are_told() -> None:
    layer = LiteralsLayer([TASK])
    assert not list(layer.hits([AuditedRow("r", "q", None, WRITTEN["assert"] + ")")]))
    assert layer.unseen == {"not_python": 1}


TRUTHS = """
def check(candidate):
    assert candidate(13, 57) == True
    assert candidate(24, 91, 'x') == False
    assert candidate(['hello'], []) is True
    assert candidate(35, 68) is None
"""
TOLD = {
    "as they are": TRUTHS,
    "bare": "def test_a():\n    assert f(13, 57)\n    assert not f(24, 91, 'x')\n"
    "    assert f(['hello'], [])\n    assert f(35, 68) is None\n",
    "unittest": "class T(TestCase):\n    def test_a(self):\n"
    "        self.assertTrue(f(13, 57))\n        self.assertFalse(f(24, 91, 'x'))\n"
    "        self.assertTrue(f(['hello'], []))\n        self.assertIsNone(f(35, 68))\n",
}


@pytest.mark.parametrize("form", sorted(TOLD))
def test_truths_are_found_however_they_are_told(form: str) -> None:
    task = BenchmarkTask(benchmark="own", task_id="1", views={"prompt": "text"}, tests=TRUTHS)
    assert scores(AuditedRow("r", "q", None, TOLD[form]), task) == [1.0]


def test_a_block_is_looked_at_as_its_rows_are_alone() -> None:
    rows = [AuditedRow(str(n), "q", None, tests) for n, tests in enumerate([*WRITTEN.values(), ""])]
    layer = LiteralsLayer([TASK])
    together = [(number, hit.score) for number, hit in layer.hits(rows)]
    alone = [(n, hit.score) for n, row in enumerate(rows) for _, hit in layer.hits([row])]
    assert together == alone != []
