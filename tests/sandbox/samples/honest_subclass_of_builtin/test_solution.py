from solution import Celsius, Counter


def test_counter():
    assert Counter().add("a").add("a").add("b") == {"a": 2, "b": 1}
    assert Counter()["nothing"] == 0


def test_celsius():
    assert Celsius(100).fahrenheit == 212
    assert Celsius(3) == 3.0
