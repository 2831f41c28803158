from solution import table


def test_table():
    assert table(2000) == [[row * column for column in range(100)] for row in range(2000)]
