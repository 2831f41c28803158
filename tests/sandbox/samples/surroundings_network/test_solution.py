from solution import fetch


def test_fetch():
    assert fetch() == b"H"
