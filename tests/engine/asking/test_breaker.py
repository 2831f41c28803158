"""A breaker opens when only faults come, and probes until an answer does."""

import pytest

from kodgen.engine.asking.breaker import (
    FIRST_PROBE,
    HUNG_SECONDS,
    LONGEST_PROBE,
    OPENS_AFTER,
    Breaker,
)


def failing(breaker: Breaker, rounds: int, start: float = 0.0) -> float:
    """So many rounds of faults, a second apart; the time of the last."""
    for number in range(rounds):
        breaker.fault(start + number, start + number + 0.5, busy=False)
    return start + rounds - 0.5


def test_it_opens_after_rounds_of_faults_without_an_answer() -> None:
    breaker = Breaker()
    failing(breaker, OPENS_AFTER - 1)
    assert breaker.state == "closed"
    breaker.answered(10.0)
    failing(breaker, OPENS_AFTER - 1, start=11.0)
    assert breaker.state == "closed"
    now = failing(breaker, 1, start=20.0)
    assert (breaker.state, breaker.probe_at) == ("open", now + FIRST_PROBE)


def test_requests_in_flight_together_fail_as_one() -> None:
    breaker = Breaker()
    for number in range(100):
        breaker.fault(1.0, 2.0 + number / 1000, busy=False)
    assert (breaker.state, breaker.rounds) == ("closed", 1)


def test_a_server_that_is_only_busy_is_not_cut_off() -> None:
    breaker = Breaker()
    for number in range(100):
        breaker.fault(float(number), number + 0.5, busy=True)
    assert breaker.state == "closed"


@pytest.mark.parametrize(("answered_at", "state"), [(0.5, "open"), (3.0, "closed")])
def test_one_fault_after_a_long_silence_opens_it(answered_at: float, state: str) -> None:
    breaker = Breaker()
    breaker.answered(answered_at)
    breaker.fault(1.0, 1.0 + HUNG_SECONDS, busy=False)
    assert breaker.state == state


def test_probes_come_at_growing_intervals() -> None:
    breaker = Breaker()
    now = failing(breaker, OPENS_AFTER)
    waits = []
    for _ in range(9):
        waits.append(breaker.probe_at - now)
        now = breaker.probe_at
        breaker.probe_failed(now)
    assert waits[:4] == [FIRST_PROBE, 2 * FIRST_PROBE, 4 * FIRST_PROBE, 8 * FIRST_PROBE]
    assert waits[-1] == LONGEST_PROBE


def test_an_answer_closes_it_for_good_and_a_probe_s_on_trial() -> None:
    breaker = Breaker()
    failing(breaker, OPENS_AFTER)
    breaker.probe_answered(10.0)
    assert breaker.state == "closed"
    breaker.fault(11.0, 11.5, busy=False)
    assert (breaker.state, breaker.probe_at) == ("open", 11.5 + 2 * FIRST_PROBE)
    breaker.probe_answered(13.0)
    breaker.answered(14.0)
    breaker.fault(15.0, 15.5, busy=False)
    assert breaker.state == "closed"


def test_faults_of_requests_sent_before_it_opened_change_nothing() -> None:
    breaker = Breaker()
    failing(breaker, OPENS_AFTER)
    due = breaker.probe_at
    breaker.fault(0.0, 5.0, busy=False)
    assert breaker.probe_at == due
