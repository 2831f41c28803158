from solution import made


def test_files_are_capped():
    assert made() < 50_000
