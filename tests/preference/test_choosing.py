"""Criteria that need no measuring."""

from kodgen.preference import chance, correctness, length
from kodgen.preference.candidates import Candidate


def candidate(name: str, order: int, score: float, *, right: bool, text: str = "") -> Candidate:
    return Candidate(name, order, text or name, f"{name} = {order}", right, score)


RIGHT = [candidate("a", 0, 0.8, right=True), candidate("b", 1, 1.0, right=True)]
WRONG = [candidate("c", 2, 0.1, right=False), candidate("d", 3, 0.5, right=False)]


def test_the_best_over_the_nearest_miss() -> None:
    found = correctness.matches(RIGHT, WRONG, 5)
    assert [(m.chosen.id, m.rejected.id) for m in found] == [("b", "d"), ("a", "c")]
    assert [m.margin for m in found] == [0.5, 0.7]
    assert len(correctness.matches(RIGHT, WRONG, 1)) == 1


def test_no_pair_against_the_ranking() -> None:
    trusted = candidate("e", 4, 0.9, right=False)
    [pair] = correctness.matches(RIGHT, [trusted], 5)
    assert pair.chosen.id == "b"
    assert correctness.matches(RIGHT[:1], [trusted], 5) == ()
    assert correctness.matches(RIGHT, [], 5) == correctness.matches([], WRONG, 5) == ()


def test_the_same_code_twice_is_one_answer() -> None:
    again = Candidate("f", 5, "f", "c  =  2  # again", right=False, score=0.1)
    assert len(correctness.matches(RIGHT, [*WRONG, again], 9)) == 2


def test_only_a_difference_of_length_that_matters() -> None:
    short = candidate("s", 0, 1.0, right=True, text="x" * 100)
    longer = candidate("l", 1, 1.0, right=True, text="x" * 149)
    longest = candidate("m", 2, 1.0, right=True, text="x" * 180)
    assert length.matches([short, longer], 1.5, 5) == ()
    [pair] = length.matches([longest, longer, short], 1.5, 5)
    assert (pair.chosen.id, pair.rejected.id, pair.margin) == ("s", "m", 1.8)


def test_chance_is_of_the_seed_alone() -> None:
    right = [candidate(f"r{n}", n, 1.0, right=True) for n in range(6)]
    wrong = [candidate(f"w{n}", n + 6, 0.0, right=False) for n in range(6)]
    found = {chance.matches(right, wrong, seed, 1)[0].chosen.id for seed in range(60)}
    assert len(found) == 6
    assert chance.matches(right, wrong, 1, 3) == chance.matches(right[::-1], wrong[::-1], 1, 3)
    assert all(m.chosen.right and not m.rejected.right for m in chance.matches(right, wrong, 1, 9))
