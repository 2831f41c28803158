"""Shared runs, beside what comparing every run with every other one finds."""

import random
from collections import defaultdict

import pytest

from kodgen.contamination.words.numbering import numbered, numbered_folded
from kodgen.contamination.words.spans import Met, SharedRuns, slid
from kodgen.contamination.words.telling import LEAST_WORDS, telling
from kodgen.contamination.words.words import folded, words

WORDS = ["import", "from", "1", "22", "\u0664", "\u00e9t\u00e9", *"abcdefg"]
IGNORED = ["A b, c d e f g a", "zzz"]


def tells(run: tuple[str, ...]) -> bool:
    if "import" in run and run.count("import") + run.count("from") > 1:
        return False
    if any(run in slid(words(text), len(run)) for text in IGNORED):
        return False
    return len({word for word in run if not word.isdigit()}) >= min(LEAST_WORDS, len(run) // 2)


def drawn(seed: int, count: int, longest: int) -> list[str]:
    draw = random.Random(seed)
    texts = [" ".join(draw.choices(WORDS, k=draw.randint(0, longest))) for _ in range(count)]
    return [*texts, *IGNORED, "", " ".join(WORDS * 2)]


@pytest.mark.parametrize("n", [1, 2, 5, 8])
def test_what_tells_is_told_of_all_places_at_once(n: int) -> None:
    texts = drawn(n, 60, 25)
    said = [folded(text) for text in texts]
    expected = []
    for text in map(words, texts):
        mine = [tells(run) for run in slid(text, n)]
        expected += mine + [False] * (len(text) - len(mine))
    assert telling(said, numbered_folded(said), n, IGNORED).tolist() == expected
    assert 0 < sum(expected) < len(expected)


@pytest.mark.parametrize("n", [2, 3, 6])
def test_shared_runs_are_those_that_comparing_every_run_finds(n: int) -> None:
    texts = [(number % 40, text) for number, text in enumerate(drawn(n, 60, 20))]
    index = SharedRuns(texts, n, 3, IGNORED)
    holding: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for owner, text in texts:
        for run in slid(words(text), n):
            holding[run].add(owner)
    counting = {run for run, owners in holding.items() if len(owners) <= 3 and tells(run)}
    assert 0 < len(counting) < len(holding)

    def covered(text: str, runs: set[tuple[str, ...]]) -> list[int]:
        places = [place for place, run in enumerate(slid(words(text), n)) if run in runs]
        return sorted({place + step for place in places for step in range(n)})

    assert index.lengths == [len(words(text)) for _, text in texts]
    assert index.weights == [len(covered(text, counting)) for _, text in texts]
    others = tuple(drawn(n + 100, 40, 30))
    met = {one.text: one for one in index.met(numbered(others))}
    for number, text in enumerate(others):
        held = {run for run in slid(words(text), n) if run in counting}
        assert (number in met) == bool(held)
        expected = []
        for indexed, (_, known) in enumerate(texts):
            both = held.intersection(slid(words(known), n))
            if both:
                expected.append((indexed, covered(known, both), covered(text, both)))
        assert not held or list(index.shared(text, met[number])) == expected


def test_a_number_that_another_run_has_as_well_shows_nothing() -> None:
    text = "one two three four five six"
    index = SharedRuns([(0, text)], 3, 3, [])
    ranks = range(4)
    found = [list(index.shared("uno due tre", Met(0, [0], [rank]))) for rank in ranks]
    assert found == [[]] * 4
    assert any(list(index.shared("one two three", Met(0, [0], [rank]))) for rank in ranks)


def test_an_index_without_texts_or_runs_meets_nothing() -> None:
    for texts in ([], [(0, "")], [(0, "one two")], [(0, "1 2 3 4 5")]):
        index = SharedRuns(texts, 3, 3, IGNORED)
        assert not list(index.met(numbered(("one two three four", ""))))
        assert index.weights == [0] * len(texts)
    assert index.lengths == [5]
