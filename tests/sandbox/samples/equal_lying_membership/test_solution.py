from solution import primes_below


def test_primes():
    assert 7 in primes_below(10)
