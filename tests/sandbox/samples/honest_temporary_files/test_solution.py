from solution import count, save


def test_save(tmp_path):
    assert save([[1, 2], [3, 4]], tmp_path).read_text() == "1,2\n3,4\n"


def test_count():
    assert count([[1, 2], [3, 4]]) == (2, [[1, 2], [3, 4]])
