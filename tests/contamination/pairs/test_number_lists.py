"""Lists of numbers in texts: whoever writes a pair out has its lists, however it is written."""

import ast
import random

import pytest

from kodgen.contamination.pairs.number_lists import NumberList, WrittenLists
from kodgen.contamination.pairs.pairs import Pair, checked_pairs

ONE = "assert f([1, 2, 3, 4], 5) == (6, -7)\n"
ARGUMENTS = "assert f(3, 2, 2) is False\n"


def pair_of(test: str) -> Pair:
    [pair] = checked_pairs(ast.parse(test))
    return pair


def lists_of(pair: Pair) -> tuple[NumberList, ...]:
    return () if pair.spelt is None else pair.spelt.lists


def may_hold(text: str, test: str) -> bool:
    written = WrittenLists(text)
    return written.hold(lists_of(pair_of(test))) or written.may_differ()


@pytest.mark.parametrize(
    "text",
    [
        ONE,
        "assert f((1,2,3,4,),n=5)==[6,-7]",
        "self.assertEqual(\n    f([\n        1, 2,\n        3, 4], 5),\n    [6, -7],\n)",
        "xs = [1, 2, 3, 4]\nwant = 6, -7\nassert f(xs, 5) == want",
        "a = 2\nassert f([1, a, 3, 4], 5) == [6, -7]",
        "assert f([1, 2,  # small\n    3, 4], 5) == (6, -7)",
        "assert f([1, 2, 3, 4  # all\n    ], 5) == (6, -7)",
        "assert f([1., 2., 3., 4.], 5) == (6, -7)",
        "assert f([1, 2, 3, +4], 5) == (6, -7)",
        "assert f([1, 2, 3, 4], 5) == (6, (-7))",
        "assert f([1, \\\n 2, 3, 4], 5) == (6, -7)",
        "@parametrize('a, n, r', [([1, 2, 3, 4], 5, [6, -7])])\ndef test(a, n, r): pass",
    ],
)
def test_a_pair_is_there_in_any_form(text: str) -> None:
    assert pair_of(ONE).key in {pair.key for pair in checked_pairs(ast.parse(text))}
    assert may_hold(text, ONE)


@pytest.mark.parametrize(
    "text",
    [
        "@parametrize('a, b, c, r', [[3, 2, 2, False]])\ndef test(a, b, c, r): pass",
        "assert f(a=3, b=2, c=2) == False",
        "assert not f(\n    # sides\n    3, 2, 2)",
    ],
)
def test_arguments_that_are_numbers_are_a_list_of_their_own(text: str) -> None:
    assert pair_of(ARGUMENTS).key in {pair.key for pair in checked_pairs(ast.parse(text))}
    assert may_hold(text, ARGUMENTS)


@pytest.mark.parametrize(
    "text",
    [
        "assert f([[1, 2], [3, 4]], 5) == (6, -7)",
        "assert f([0, 1, 2, 3, 4], 5) == (6, -7)",
        "assert f([1, 2, 3, 4], 5) == (6, 7)",
    ],
)
def test_the_same_numbers_in_other_lists_are_told_apart(text: str) -> None:
    assert not may_hold(text, ONE)
    assert not may_hold("assert f([1, 3, 2, 2]) is False", ARGUMENTS)


def test_what_a_module_checks_is_never_ruled_out() -> None:
    draw = random.Random(3)

    def number() -> str:
        value = draw.randrange(-3, 12)
        return draw.choice([f"{value}"] * 6 + [f"({value})", f"{value}.", f"+{abs(value)}"])

    def row(depth: int) -> str:
        inner = [number() if depth == 0 else row(depth - 1) for _ in range(draw.randint(1, 3))]
        gap = draw.choice([", ", ",", ",\n    ", ",  # next\n    "])
        return draw.choice(["[{},]", "[{}]", "({},)", "[ {} ]"]).format(gap.join(inner))

    def argument() -> str:
        return number() if draw.random() < 0.4 else row(draw.randrange(2))

    modules = []
    for _ in range(400):
        call = f"{argument()}, {argument()}"
        first = draw.choice([f"assert f({call}) == ", f"x = {number()}\nassert f({call}, x) == "])
        modules.append(first + draw.choice([number(), row(0)]) + "\n")
    found = 0
    for text in modules:
        written = WrittenLists(text)
        for pair in checked_pairs(ast.parse(text)):
            # As another source would write it: in brackets of one kind, without odd numbers.
            plain = pair_of(f"assert f{pair.key.replace(' -> ', ' == ').replace(',)', ')')}")
            assert plain.key == pair.key
            assert written.hold(lists_of(plain)) or written.may_differ(), text
            found += 1
    assert found > 350
