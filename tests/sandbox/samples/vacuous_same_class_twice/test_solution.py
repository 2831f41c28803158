from solution import area


class TestArea:
    def test_area(self):
        assert area(3, 5) == 16


class TestArea:
    def test_flat(self):
        assert area(0, 9) == 0
