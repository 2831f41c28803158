"""Runs sought whole in many texts at once, beside a search text by text."""

import random

from kodgen.contamination.words.numbering import numbered
from kodgen.contamination.words.whole_runs import LONGEST, WholeRuns


def test_exactly_the_texts_with_a_run_are_found() -> None:
    draw = random.Random(5)

    def some(most: int) -> tuple[str, ...]:
        return tuple(draw.choice("abc12") for _ in range(draw.randint(1, most)))

    runs = [some(LONGEST) for _ in range(60)]
    texts = [" ".join(some(40)) for _ in range(80)]
    told = numbered((*texts,))
    where, which = WholeRuns(runs).met(told)
    found = list(zip(where.tolist(), which.tolist(), strict=True))
    assert len(found) == len(set(found))
    there = {
        (text, run)
        for text, words in enumerate(texts)
        for run, sought in enumerate(runs)
        if f" {' '.join(sought)} " in f" {words} "
    }
    # Windows may reach into the next text.
    assert there <= set(found)
    reaching = {
        (text, run)
        for text, run in set(found) - there
        if f" {' '.join(runs[run])} " in f" {' '.join(texts[text:])} "
    }
    assert set(found) == there | reaching


def test_of_a_long_run_its_beginning_is_enough() -> None:
    run = [str(number) for number in range(LONGEST + 2)]
    where, which = WholeRuns([run, ["x"]]).met(numbered((" ".join(run[:LONGEST]), "x y", "")))
    assert (where.tolist(), which.tolist()) == ([0, 1], [0, 1])


def test_nothing_is_found_without_runs() -> None:
    where, which = WholeRuns([]).met(numbered(("a b",)))
    assert (where.tolist(), which.tolist()) == ([], [])
