"""The literals layer: pairs of inputs and results, in every form they are written in."""

import ast
import random

import pytest

from kodgen.contamination.layers.literals import LiteralsLayer
from kodgen.contamination.pairs.examples import LONGEST_CALL, _end, example_pairs
from kodgen.contamination.pairs.pairs import checked_pairs
from kodgen.contamination.pairs.traces import Traces
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


class Everything(Traces):
    """Rules nothing out."""

    def holding(self, texts: tuple[str, ...], *, tests: bool) -> list[int]:
        return list(range(len(texts)))


def drawn_check(draw: random.Random, arguments: list[object], result: object) -> str:
    """One of the ways to write a check."""
    told = [repr(one) for one in arguments]
    if draw.random() < 0.3:
        told = [one.replace("[", "(").replace("]", ",)") for one in told]
    if draw.random() < 0.2:
        told = [f"n{place}={one}" for place, one in enumerate(told)]
    call = f"f({draw.choice([', ', ',', ',' + chr(10) + '        ']).join(told)})"
    if isinstance(result, bool) and draw.random() < 0.5:
        return f"    assert {'' if result else 'not '}{call}\n"
    if "n0=" not in call and draw.random() < 0.2:
        return f"    check([({', '.join(told)}, {result!r})])\n    assert {call} == {result!r}\n"
    return f"    assert {call} == {result!r}\n"


def test_the_same_is_found_as_by_reading_every_row() -> None:
    draw = random.Random(11)

    def value() -> object:
        numbers = [draw.randrange(9) for _ in range(draw.randint(1, 4))]
        texts = [draw.choice(["a", "!", "abc", "John 5", "zebra crossing"])]
        return draw.choice([*numbers[:1], numbers, [numbers, [7]], texts, texts[0], 1234, 4.5, {}])

    checks = [
        ([value() for _ in range(draw.randint(1, 2))], draw.choice([True, False, value()]))
        for _ in range(90)
    ]
    tasks = [
        BenchmarkTask(
            benchmark="own",
            task_id=str(number),
            views={"prompt": "text"},
            tests="def check(f):\n"
            + "".join(
                drawn_check(random.Random(0), *one) for one in checks[3 * number : 3 * number + 3]
            ),
        )
        for number in range(30)
    ]
    rows = []
    for number in range(400):
        task = draw.randrange(30)
        some = [*checks[3 * task : 3 * task + draw.randint(1, 3)], *draw.sample(checks, 3)]
        body = "".join(drawn_check(draw, *one) for one in some)
        rows.append(AuditedRow(str(number), body, None, f"def test_a():\n{body}"))
    layer, naive = LiteralsLayer(tasks), LiteralsLayer(tasks)
    naive._traces = Everything((), 1.0)
    found = list(layer.hits(rows))
    assert found == list(naive.hits(rows))
    assert len(found) > 100
    asked = layer._traces.holding(tuple(row.tests or "" for row in rows), tests=True)
    assert len(asked) < len(rows)


def naive_end(text: str, start: int) -> int | None:
    """Character by character."""
    closes, awaited, quote, place = {"(": ")", "[": "]", "{": "}"}, [], "", start
    while place < min(len(text), start + LONGEST_CALL):
        char = text[place]
        if quote:
            place += char == "\\"
            if char == "\n":
                return None
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in closes:
            awaited.append(closes[char])
        elif char in ")]}" and (not awaited or awaited.pop() != char):
            return None
        place += 1
        if not quote and not awaited:
            return place
    return None


def test_the_end_of_a_call_is_where_its_bracket_closes() -> None:
    draw = random.Random(2)
    ends = set()
    for _ in range(3_000):
        text = draw.choice("([{'\"") + "".join(draw.choices("([{)]}'\"\\\na ", k=9))
        text = text.replace("a", "a" * draw.choice([1, LONGEST_CALL - 5]))
        ends.add(_end(text, 0))
        assert _end(text, 0) == naive_end(text, 0)
    assert len(ends) > 8
