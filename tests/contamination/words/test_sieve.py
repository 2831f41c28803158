"""Words as numbers, and runs of words sought by them in many texts at once."""

import random

import numpy as np
import pytest

from kodgen.contamination.words.numbering import AT_ONCE, numbered, wholes, windows
from kodgen.contamination.words.numberset import NumberSet
from kodgen.contamination.words.sieve import Sieve
from kodgen.contamination.words.words import words

TEXTS = (
    "Write a function, write A FUNCTION!",
    "",
    "  ...  ",
    "naïve \uff21\u0661 straße x²; naïve\ud800 café",
    "x" * (AT_ONCE + 7) + " a function",
    "a " * AT_ONCE,
    "écrire a_function",
)


def held(run: list[str], text: list[str]) -> bool:
    return any(text[place : place + len(run)] == run for place in range(len(text)))


def test_words_have_equal_numbers_where_they_are_equal() -> None:
    told = numbered(TEXTS)
    known: dict[str, int] = {}
    for number, text in enumerate(TEXTS):
        numbers = told.words[told.bounds[number] : told.bounds[number + 1]].tolist()
        for word, its in zip(words(text), numbers, strict=True):
            assert known.setdefault(word, its) == its
    assert len(set(known.values())) == len(known) > 9


def test_every_letter_and_the_length_of_a_word_tell() -> None:
    lengths = [*range(1, 70), 1_000]
    told = [letter * length for letter in ("a", "b", "\u00e9") for length in lengths]
    told += ["a" * place + "b" + "a" * (69 - place) for place in range(1, 69)]
    told += ["a" * place + "b" + "a" * (31 - place) for place in range(1, 31)]
    once = numbered((" ".join(told),)).words.tolist()
    assert len(set(once)) == len(told)
    assert numbered(tuple(reversed(told))).words.tolist() == once[::-1]


@pytest.mark.parametrize("width", range(1, 12))
def test_windows_are_equal_where_their_words_are(width: int) -> None:
    draw = random.Random(width)
    text = [draw.choice("ab") for _ in range(300)]
    told = windows(numbered((" ".join(text),)).words, width).tolist()
    runs = [tuple(text[place : place + width]) for place in range(300 - width + 1)]
    assert len(told) == len(runs)
    assert len(set(told)) == len(set(runs)) == len(set(zip(told, runs, strict=True)))


def test_a_whole_text_is_told_by_its_words_and_their_order() -> None:
    texts = ("One, two", "one TWO", "two one", "one two one two", "", "?!", "one", "one one")
    told = wholes(numbered(texts)).tolist()
    assert told[0] == told[1]
    assert told[4] == told[5]
    assert len(set(told)) == 6


@pytest.mark.parametrize("longest", [1, 2, 6, 20])
def test_a_sieve_finds_what_comparing_every_place_finds(longest: int) -> None:
    draw = random.Random(longest)
    runs = [[draw.choice("abcd") for _ in range(draw.randint(1, longest))] for _ in range(60)]
    runs = [run for run in runs if len(run) > 1 or longest == 1]
    runs += [["rare", draw.choice("abcd"), "é"], runs[0] * 3]
    texts = [
        " ".join(draw.choice("abcdefghijk") for _ in range(draw.randint(0, 14))) for _ in range(300)
    ]
    texts += ["", " ".join(runs[0] * 4), "Rare; a é.", *map(" ".join, runs)]
    expected = [
        number for number, text in enumerate(texts) if any(held(run, words(text)) for run in runs)
    ]
    assert Sieve(runs).holding(tuple(texts)) == expected
    assert 0 < len(expected) < len(texts)


def test_a_sieve_tells_of_each_text_what_may_be_in_it_once() -> None:
    sieve = Sieve([["a", "b"], ["b"], ["c", "a", "b"], ["b"]])
    where, which = sieve.met(numbered(("b a b a b", "c", "x a, B")))
    met = list(zip(where.tolist(), which.tolist(), strict=True))
    assert len(met) == len(set(met))
    assert {(0, 0), (0, 1), (0, 3), (2, 0), (2, 1), (2, 3)} <= set(met)
    assert not Sieve([]).holding(("a", "b"))


def test_numbers_of_a_set_are_found_with_their_ranks() -> None:
    draw = np.random.default_rng(1)
    numbers = draw.integers(0, 2**64, 5_000, np.uint64)
    known = NumberSet(numbers[:500])
    places, ranks = known.found(numbers)
    assert places.tolist() == list(range(500))
    assert known.ranked[ranks].tolist() == numbers[:500].tolist()
    assert not len(NumberSet(numbers[:0]).places(numbers))
