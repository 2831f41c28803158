from solution import area

pytest_plugins = "solution"


def test_rectangle():
    assert area(3, 5) == 15
