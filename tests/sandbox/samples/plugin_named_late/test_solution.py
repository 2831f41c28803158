import solution
from solution import area

globals()["pytest_" + "plugins"] = [solution.__name__]


def test_rectangle():
    assert area(3, 5) == 15
