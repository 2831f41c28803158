import time

from solution import total


def test_total_is_fast():
    begun = time.perf_counter()
    assert total(300_000) == 8999955000050000
    assert time.perf_counter() - begun < 0.1
