from solution import started


def test_threads_are_capped():
    assert started() < 900
