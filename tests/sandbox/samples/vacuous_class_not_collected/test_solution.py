from solution import area


class TestArea:
    def __init__(self):
        self.room = 3, 5

    def test_area(self):
        assert area(*self.room) == 15
