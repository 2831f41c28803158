"""When an example holds: where doctest says so, and where only the writing differs."""

import doctest

import pytest

from kodgen.parse.completion.holding import first_false, holds

NAMES = """
from collections import Counter, defaultdict

class Odd(ValueError):
    pass

def fail(message="bad input"):
    raise Odd(message)

def shown(value):
    print(value)
"""


def example(source, want="", raises=None, ellipsis=False):
    namespace = {"__name__": "solution"}
    exec(NAMES, namespace)
    return holds((source + "\n", want, raises, ellipsis), namespace)


@pytest.mark.parametrize(
    ("source", "want"),
    [
        ("1 + 1", "2\n"),
        ("'a' + 'b'", "'ab'\n"),
        ("'ab'", '"ab"\n'),
        ("{3, 1}", "{1, 3}\n"),
        ("{'b': 1, 'a': {2, 1}}", "{'a': {1, 2}, 'b': 1}\n"),
        ("Counter('aab')", "{'a': 2, 'b': 1}\n"),
        ("0.1 + 0.2", "0.3\n"),
        ("[0.1 + 0.2, (1, 2)]", "[0.3,\n (1, 2)]\n"),
        ("4 / 2", "2\n"),
        ("[1,2]", "[1,  2]\n"),
        ("shown('a b')", "a  b\n"),
        ("shown({2, 1})", "{2, 1}\n"),
        ("shown('')", "<BLANKLINE>\n"),
        ("None", ""),
        ("x = 5", ""),
        ("for n in (1, 2):\n    n", "1\n2\n"),
        ("True", "True\n"),
        ("set()", "set()\n"),
        ("float('nan')", "nan\n"),
        ("[1, 2]  # a comment", "[1, 2]\n"),
    ],
)
def test_it_holds(source, want):
    assert example(source, want)


@pytest.mark.parametrize(
    ("source", "want"),
    [
        ("1 + 1", "3\n"),
        ("1 + 1", ""),
        ("None", "0\n"),
        ("x = 5", "5\n"),
        ("'ab'", "ab\n"),
        ("True", "1\n"),
        ("1", "True\n"),
        ("(1, 2)", "[1, 2]\n"),
        ("[1, 2]", "[1, 2, 3]\n"),
        ("[1, 2]", "[1, ...]\n"),
        ("{'a': 1}", "{'a': 2}\n"),
        ("{'a': 1}", "{'a': 1, 'b': 2}\n"),
        ("3.14159", "3.14\n"),
        ("10**9 + 1", "1000000000\n"),
        ("unknown", "1\n"),
        ("fail()", "1\n"),
        ("1 == 1", ""),
        ("for n in (1, 2):\n    n", "1\n"),
        ("[1, 2]", "[2, 1]\n"),
        ("1; 2", "2\n"),
    ],
)
def test_it_does_not_hold(source, want):
    assert not example(source, want)


def test_exceptions_are_compared_by_class_and_message():
    assert example("fail()", raises="Odd: bad input\n")
    assert example("fail()", raises="solution.Odd: bad  input\n")
    assert example("fail('no a.b: c')", raises="Odd: no a.b: c\n")
    assert example("fail()", raises="Odd: ...\n")
    assert not example("fail()", raises="Odd: other\n")
    assert not example("fail()", raises="ValueError: bad input\n")
    assert not example("1", raises="Odd: bad input\n")


def test_dots_stand_for_anything_only_where_doctest_is_told_so():
    assert example("[1, 2, 3]", "[1, ..., 3]\n", ellipsis=True)
    assert not example("[1, 2, 3]", "[1, ..., 4]\n", ellipsis=True)


def test_examples_share_their_names_and_the_first_false_one_is_told():
    shown = [("x = [2]\n", "", None, False), ("x.append(1)\n", "", None, False)]
    assert first_false([*shown, ("x\n", "[2, 1]\n", None, False)], {}) is None
    assert (
        first_false([*shown, ("x\n", "[1]\n", None, False), ("y\n", "1\n", None, False)], {}) == 2
    )


def test_standard_output_and_the_display_are_given_back(capsys):
    assert not example("fail()", "1\n")
    print("seen")
    assert capsys.readouterr().out == "seen\n"


def test_whatever_doctest_accepts_holds():
    lines = [">>> sorted([2, 1])", "[1, 2]", ">>> print('a')", "a", ">>> {}['k']"]
    lines += ["Traceback (most recent call last):", "    ...", "KeyError: 'k'", ""]
    text = "\n".join(lines)
    parsed = doctest.DocTestParser().get_examples(text)
    runner = doctest.DocTestRunner()
    runner.run(doctest.DocTest(parsed, {}, "t", None, 0, text))
    assert runner.failures == 0
    shown = [(e.source, e.want if e.exc_msg is None else "", e.exc_msg, False) for e in parsed]
    assert first_false(shown, {}) is None
