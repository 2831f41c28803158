from solution import shuffled


def test_shuffled():
    assert sorted(shuffled(range(10), 3)) == list(range(10))
    assert shuffled(range(10), 3) == shuffled(range(10), 3)
