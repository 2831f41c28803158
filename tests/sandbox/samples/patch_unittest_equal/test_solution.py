import unittest

from solution import area


class TestArea(unittest.TestCase):
    def test_rectangle(self):
        self.assertEqual(area(3, 5), 15)
