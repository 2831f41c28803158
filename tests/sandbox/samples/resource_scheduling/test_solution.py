from solution import gained


def test_no_priority_is_gained():
    assert gained() == []
