from datetime import date, datetime, timedelta, timezone

from solution import next_monday, stamp


def test_monday():
    assert next_monday(date(2024, 2, 28)) == date(2024, 3, 4)


def test_stamp():
    moment = datetime(2024, 1, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    assert stamp(moment) == "2023-12-31T23:00:00+00:00"
