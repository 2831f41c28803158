import pytest

from kodgen.mutation.limit import probe_seconds, seconds
from kodgen.records import Observation, Verdict


@pytest.mark.parametrize(("used", "limit"), [(0.02, 1), (0.2, 1), (0.21, 2), (3.0, 15)])
def test_a_limit_is_a_few_times_what_the_solution_took(used: float, limit: int) -> None:
    observed = Observation(wall_seconds=9, cpu_seconds=used, peak_memory_bytes=1)
    verdict = Verdict(outcome="passed", reason="", isolation="namespaces", observed=observed)
    assert seconds(verdict) == limit
    assert probe_seconds(limit) > limit
