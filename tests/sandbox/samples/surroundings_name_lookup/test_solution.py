from solution import lookup


def test_lookup():
    assert lookup("example.invalid") == "192.0.2.1"
