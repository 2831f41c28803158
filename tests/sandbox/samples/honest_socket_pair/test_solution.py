from solution import echo


def test_echo():
    assert echo(b"hello") == b"hello"
