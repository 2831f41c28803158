from kodgen.preference.candidates import Candidate
from kodgen.preference.runtime import Timing, faster_by, matches, order


def timing(*rounds: float, **units: list[float]) -> Timing:
    named = units or {"0.draw.1": list(rounds)}
    count = len(next(iter(named.values())))
    return Timing(tuple({unit: took[n] for unit, took in named.items()} for n in range(count)))


def test_rounds_alternate() -> None:
    assert [order(3, number) for number in range(3)] == [[0, 1, 2], [2, 1, 0], [0, 1, 2]]


def test_faster_only_where_no_round_says_otherwise() -> None:
    quick, slow = timing(1.0, 1.1, 1.3), timing(1.5, 1.4, 1.8)
    assert faster_by(quick, slow, 1.2) == 1.4
    assert faster_by(slow, quick, 1.2) is None
    assert faster_by(quick, slow, 1.5) is None
    assert faster_by(timing(1.0, 1.1, 1.4), slow, 1.2) is None


def test_faster_on_one_input_and_slower_on_another_is_not_faster() -> None:
    one = timing(a=[1.0, 1.0], b=[0.5, 0.5])
    other = timing(a=[2.0, 2.0], b=[0.1, 0.1])
    assert faster_by(one, other, 1.2) is None
    assert faster_by(one, timing(a=[2.0, 2.0], b=[0.6, 0.7]), 1.2) is not None


def test_faster_on_one_input_of_several_is_not_faster() -> None:
    one = timing(a=[0.1, 0.1], b=[1.0, 1.0], c=[1.0, 1.0])
    assert faster_by(one, timing(a=[2.0, 2.0], b=[1.1, 1.1], c=[1.1, 1.1]), 1.2) is None
    assert faster_by(one, timing(a=[2.0, 2.0], b=[1.3, 1.3], c=[1.1, 1.1]), 1.2) is not None


def test_the_largest_ratio_first() -> None:
    a, b, c = (Candidate(name, n, name, name, True, 1.0) for n, name in enumerate("abc"))
    timed = [(a, timing(4.0, 4.1)), (b, timing(1.0, 1.1)), (c, timing(2.0, 2.1))]
    found = matches(timed, 1.2, 2)
    assert [(m.chosen.id, m.rejected.id, m.margin) for m in found] == [
        ("b", "a", 4.0),
        ("b", "c", 2.0),
    ]
