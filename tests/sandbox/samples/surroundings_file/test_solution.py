from solution import load


def test_load():
    assert len(load()) == 3
