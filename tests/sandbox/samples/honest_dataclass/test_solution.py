from solution import Card, promote


def test_promote():
    assert promote(Card(3)) == Card(4)
    assert max(Card(2), Card(9), Card(5)).rank == 9
