from solution import started


def test_processes_are_capped():
    assert started() < 300
