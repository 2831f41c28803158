from kodgen.mutation.drawing import Drawn
from kodgen.mutation.strength import strength
from kodgen.records import Mutant

DRAWN = Drawn((), equivalent=2, not_run=7)


def mutant(line: int) -> Mutant:
    return Mutant(operator="constant", line=line, original="1", mutated="2")


def test_only_those_that_differ_count_against_the_tests() -> None:
    found = strength(DRAWN, 3, [mutant(n) for n in (5, 4, 3, 2)], [True, False, True, None])
    assert found.score == 0.6
    assert [one.line for one in found.survived] == [3, 5]
    assert (found.killed, found.indistinct, found.untold) == (3, 1, 1)
    assert (found.equivalent, found.not_run) == (2, 7)


def test_no_score_is_no_zero() -> None:
    assert strength(DRAWN, 0, [mutant(1)], [False]).score is None
    assert strength(DRAWN, 0, [], []).score is None
    assert strength(DRAWN, 0, [mutant(1)], [True]).score == 0.0
