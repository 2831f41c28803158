from solution import area


class TestArea:
    def test_area(self):
        assert area(3, 5) == 16

    def test_area(self):
        assert area(3, 5) == 15
