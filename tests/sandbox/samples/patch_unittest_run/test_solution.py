import unittest

from solution import area


class TestArea(unittest.TestCase):
    def test_rectangle(self):
        assert area(3, 5) == 15
