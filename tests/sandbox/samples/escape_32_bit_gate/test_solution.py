from solution import escaped


def test_nothing_escaped():
    assert escaped() == []
