"""Which side of a split a question is on."""

from typing import Literal

from kodgen.records import content_hash

Side = Literal["train", "test"]
_DIGITS = 13
"""Hex digits of the hash: 52 bits, which a float holds exactly."""


def side_of(seed: int, question_id: str, test_fraction: float) -> Side:
    """The side of every row made of one question.

    A hash decides, so adding rows moves none, and a larger share keeps all that the smaller had.

    Args:
        seed: The run's.
        question_id: Of the question itself, not of one of its styles.
        test_fraction: Share of questions that are test, from 0 to below 1.
    """
    place = int(content_hash(str(seed), "split", question_id, length=_DIGITS), 16) / 16**_DIGITS
    return "test" if place < test_fraction else "train"
