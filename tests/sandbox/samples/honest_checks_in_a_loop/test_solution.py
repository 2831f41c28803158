from solution import is_leap


def test_leap():
    for year in (1996, 2000, 2024):
        assert is_leap(year), year
    for year in (1900, 2023):
        assert not is_leap(year)
