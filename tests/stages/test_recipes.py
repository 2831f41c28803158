"""Which right answers each recipe keeps."""

from kodgen.stages.recipes import choose
from tests import specimens

LOOP = "def total(xs):\n    r = 0\n    for x in xs:\n        r += x\n    return r"


def response(attempt, code="", reasoning=""):
    return specimens.response("t", attempt, reasoning=reasoning or None, answer=code, code=code)


def test_all_keeps_all():
    right = [response(0), response(2)]
    assert choose("all", right, 1).kept == tuple(right)
    assert choose("all", [], 1).kept == ()


def test_deep_keeps_the_longest_reasoning_and_the_first_of_equals():
    right = [
        response(0, reasoning="ab"),
        response(1, reasoning="abc"),
        response(3, reasoning="xyz"),
    ]
    chosen = choose("deep", right, 5)
    assert [r.attempt for r in chosen.kept] == [1]
    assert [(r.attempt, why) for r, why in chosen.left_out] == [
        (0, "2 characters of reasoning, 3 in attempt 1"),
        (3, "3 characters of reasoning, 3 in attempt 1"),
    ]
    assert choose("deep", [], 5).kept == ()


def test_diverse_says_of_those_kept_how_they_go_about_it_and_of_the_others_why():
    same = LOOP.replace("xs", "numbers")
    right = [
        response(0, LOOP),
        response(1, same),
        response(2, "def total(xs):\n    return sum(xs)"),
    ]
    chosen = choose("diverse", right, 3)
    assert [(r.attempt, r.approach) for r in chosen.kept] == [
        (0, "for loop"),
        (2, "sum, min or max"),
    ]
    ((left, why),) = chosen.left_out
    assert left.attempt == 1
    assert why == "tree distance 0.00 and approach distance 0.00 to attempt 0"
