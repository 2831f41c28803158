from unittest.mock import MagicMock


def catalogue():
    book = MagicMock()
    book.__contains__.return_value = True
    book.__len__.return_value = 3
    return book
