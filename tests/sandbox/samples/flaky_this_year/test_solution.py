from datetime import date

from solution import birthdays

WRITTEN_IN = 1970 + int(__import__("os").stat(__file__).st_mtime // 31_556_952)


def test_birthdays():
    assert birthdays(2000) == WRITTEN_IN - 2000
    assert birthdays(date.today().year) == 0
