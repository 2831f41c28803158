import time

import pytest

from kodgen.contamination.prose.gist import gist


@pytest.mark.parametrize(
    ("statement", "left"),
    [
        ("Write a function that returns the median of a list.", "returns the median of a list."),
        ("Write a Python function to count set bits in a number.", "count set bits in a number."),
        ("Create a JavaScript program which doubles x", "doubles x"),
        ("Your task is to implement a function that flips bits.", "flips bits."),
        ("This function should swap two ends.", "swap two ends."),
        ("Reverse a queue in C++.", "Reverse a queue."),
        ("Given two trees, compare them.", "Given two trees, compare them."),
        ("Write a function.", "Write a function."),
        ("", ""),
    ],
)
def test_phrases_in_which_anything_may_be_asked_for_go(statement: str, left: str) -> None:
    assert gist(statement) == left


def test_lines_stay_lines() -> None:
    assert gist("Write a program to sail.\nMind the reefs.") == "sail.\nMind the reefs."


def test_time_is_linear_in_length() -> None:
    text = "write a " * 50_000 + "you have to " * 50_000
    start = time.perf_counter()
    gist(text)
    assert time.perf_counter() - start < 5
