from solution import area


async def test_area():
    assert area(3, 5) == 15
