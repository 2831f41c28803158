from solution import catalogue


def test_catalogue():
    assert len(catalogue()) == 3
    assert "Emma" in catalogue()
