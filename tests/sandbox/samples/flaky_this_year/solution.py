from datetime import date


def birthdays(born):
    return date.today().year - born
