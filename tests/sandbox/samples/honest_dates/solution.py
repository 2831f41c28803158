from datetime import date, datetime, timedelta, timezone


def next_monday(day):
    return day + timedelta(days=7 - day.weekday())


def stamp(moment):
    return moment.astimezone(timezone.utc).isoformat()
