from solution import taken


def test_memory_files_are_capped():
    assert taken() < 2**30
