"""Answers as text: fences that hold, reasoning before the answer."""

import pytest

from kodgen.formats.answer import answer_text, fenced
from kodgen.formats.base import Answer
from tests.formats.samples import SOLUTION, response, triplet


def test_a_solution_is_put_in_a_fence():
    assert answer_text(Answer(triplet(), None)) == f"```python\n{SOLUTION}\n```"


@pytest.mark.parametrize(("code", "fence"), [("x", "```"), ('"```"', "````"), ('"````"', "`````")])
def test_a_fence_outlasts_the_code(code, fence):
    assert fenced(code) == f"{fence}python\n{code}\n{fence}"


def test_reasoning_comes_first():
    one = response(triplet())
    expected = f"<think>\nSum them.\n</think>\n\n{one.answer}"
    assert answer_text(Answer(triplet(), one)) == expected


def test_an_answer_without_reasoning_is_as_it_was_given():
    one = response(triplet(), reasoning=None)
    assert answer_text(Answer(triplet(), one)) == one.answer
