from solution import written


def test_scratch_is_capped():
    assert written() < 300 * 2**20
