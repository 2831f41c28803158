from solution import counted


def test_counted():
    @counted
    def double(number):
        """Twice as much."""
        return 2 * number

    assert double(4) == 8
    assert double.calls == 1
    assert double.__name__ == "double"
