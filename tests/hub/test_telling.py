"""Numbers and tables in Markdown."""

from kodgen.hub.card import size_category
from kodgen.hub.telling import counts, table


def test_counts_the_most_first():
    assert counts({"b": 1, "a": 1, "c": 2000}) == "c 2,000, a 1, b 1"
    assert counts({}) == "none"


def test_a_cell_can_not_break_a_table():
    assert list(table(["x"], [["a|b\nc"]]))[2] == "| a\\|b c |"


def test_size_categories_begin_at_their_lower_end():
    assert [size_category(rows) for rows in (0, 999, 1000, 9_999, 447_000)] == [
        "n<1K",
        "n<1K",
        "1K<n<10K",
        "1K<n<10K",
        "100K<n<1M",
    ]
