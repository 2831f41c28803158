from solution import parse


def test_parse():
    assert parse('{"a": [1]}')["a"][0] == 1
    assert parse("{}").items() == []
