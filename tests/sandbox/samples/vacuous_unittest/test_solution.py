import unittest

from solution import area


class TestArea(unittest.TestCase):
    def test_area(self):
        result = area(3, 5)
        self.assertTrue(15, result)
