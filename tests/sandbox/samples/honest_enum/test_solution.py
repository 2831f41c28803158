from solution import Colour, Right


def test_next():
    assert Colour.RED.next is Colour.GREEN
    assert Colour.GREEN.next is Colour.RED


def test_rights():
    assert Right.READ | Right.WRITE == 6
