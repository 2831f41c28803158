import unittest

from solution import mean


class TestMean(unittest.TestCase):
    def test_mean(self):
        self.assertAlmostEqual(mean([1, 2]), 1.5, places=6)
