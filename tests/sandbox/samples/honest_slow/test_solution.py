from solution import collatz


def test_collatz():
    assert collatz(12_000) == 10971
