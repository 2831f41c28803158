import unittest

from solution import Stack


class TestStack(unittest.TestCase):
    def setUp(self):
        self.stack = Stack()

    def test_push_and_pop(self):
        self.stack.push(1)
        self.assertEqual(self.stack.pop(), 1)

    def test_empty(self):
        with self.assertRaises(IndexError):
            self.stack.pop()

    def test_many(self):
        for value in range(3):
            with self.subTest(value=value):
                self.stack.push(value)
                self.assertEqual(self.stack.pop(), value)


if __name__ == "__main__":
    unittest.main()
