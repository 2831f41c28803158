from solution import ways


def test_ways():
    assert ways(80) == 37889062373143906


def test_cache():
    ways.cache_clear()
    ways(10)
    assert ways.cache_info().misses == 11
