"""The draw of rows to show."""

import random

from kodgen.engine.reporting.choosing import Lots, Place


def places(kind, size):
    return [Place(kind, True, number, f"{kind}-{number}") for number in range(size)]


def drawn(order, most=5, seed=0):
    lots = Lots(seed, most)
    for place in order:
        lots.add((place.stage,), place)
    return list(lots.drawn())


def test_it_is_bounded_and_of_every_kind():
    found = drawn(places("a", 900) + places("b", 2) + places("c", 50))
    assert [sum(one.stage == kind for one in found) for kind in "abc"] == [5, 2, 5]
    assert {one.stage for one in found[:3]} == {"a", "b", "c"}


def test_it_does_not_depend_on_the_order_of_rows_but_on_the_seed():
    rows = places("a", 300) + places("b", 300)
    shuffled = random.Random(3).sample(rows, len(rows))
    assert drawn(rows) == drawn(shuffled)
    assert drawn(rows) != drawn(rows, seed=1)
