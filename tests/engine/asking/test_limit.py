"""The limit finds what a server bears, and never leaves its bounds."""

from hypothesis import given
from hypothesis import strategies as st

from kodgen.engine.asking.limit import FIRST, KEPT, Limit


def answer_window(limit: Limit, *, full: bool = True) -> None:
    """As many answers as the limit allows samples, each while it is used to the full or not."""
    for _ in range(limit.samples):
        limit.answered(1, limit.samples if full else limit.samples - 1)


def test_it_doubles_with_each_window_until_the_first_sign_of_overload() -> None:
    limit = Limit(1000, adaptive=True)
    seen = [limit.samples]
    for _ in range(5):
        answer_window(limit)
        seen.append(limit.samples)
    assert seen == [FIRST, 2 * FIRST, 4 * FIRST, 8 * FIRST, 16 * FIRST, 1000]


def test_after_the_first_sign_it_halves_and_then_grows_by_one_a_window() -> None:
    limit = Limit(1000, adaptive=True)
    answer_window(limit)
    limit.overloaded(sent=1.0, now=1.1, in_flight=64)
    assert limit.samples == 32
    for more in range(1, 6):
        answer_window(limit)
        answer_window(limit)
        assert 32 + more <= limit.samples <= 32 + 2 * more


def test_it_is_cut_once_per_round_trip() -> None:
    limit = Limit(64, adaptive=True)
    limit.overloaded(sent=1.0, now=2.0, in_flight=32)
    for late in (0.5, 1.0, 1.9, 2.0):
        limit.overloaded(sent=late, now=2.5, in_flight=32)
    assert limit.samples == 16
    limit.overloaded(sent=2.1, now=3.0, in_flight=16)
    assert limit.samples == int(16 * KEPT)


def test_a_limit_that_is_not_used_does_not_grow() -> None:
    limit = Limit(1000, adaptive=True)
    answer_window(limit, full=False)
    assert limit.samples == FIRST


def test_a_limit_that_is_given_stays() -> None:
    limit = Limit(7, adaptive=False)
    answer_window(limit)
    limit.overloaded(sent=1.0, now=2.0, in_flight=7)
    limit.restart()
    assert limit.samples == 7


@given(
    st.integers(1, 300),
    st.lists(st.tuples(st.booleans(), st.integers(1, 9), st.floats(0, 5)), max_size=200),
)
def test_it_stays_within_one_and_the_most(most: int, events: list[tuple[bool, int, float]]) -> None:
    limit = Limit(most, adaptive=True)
    now = 0.0
    for answered, samples, ago in events:
        now += 1.0
        if answered:
            limit.answered(samples, limit.samples)
        else:
            limit.overloaded(now - ago, now, limit.samples)
        assert 1 <= limit.samples <= most


def test_it_finds_what_a_server_bears() -> None:
    """A server that refuses whatever is beyond 20 samples, round trip after round trip."""
    limit = Limit(500, adaptive=True)
    seen = []
    for round_trip in range(200):
        sent, now = float(round_trip), round_trip + 0.9
        in_flight = limit.samples
        for _ in range(min(in_flight, 20)):
            limit.answered(1, in_flight)
        if in_flight > 20:
            limit.overloaded(sent, now, in_flight)
        seen.append(in_flight)
    settled = seen[20:]
    assert max(settled) <= 22
    assert sum(min(one, 20) for one in settled) / len(settled) / 20 > 0.85
