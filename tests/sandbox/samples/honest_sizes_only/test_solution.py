from solution import token


def test_token():
    assert isinstance(token(), str)
    assert len(token()) == 32
    assert token() != token()
