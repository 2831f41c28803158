"""Numbers of words by their letters, made of many words at once."""

from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kodgen.contamination.words.numbering import Numbers, Places

TOGETHER = 8
"""Letters, in bytes, that are read as one number."""
_LONG = 32
"""Letters above which a word, being rare, gets its number by itself."""
_BASE = 0xD1342543DE82EF95
_STIR = 0xBF58476D1CE4E5B9
"""Odd, so that nothing of a number is lost where it is multiplied, modulo 2**64."""


def of_letters(joined: bytes, starts: "Places", lengths: "Places") -> "Numbers":
    """Numbers of words, by where they start and how long they are, in bytes.

    That of a word of up to eight letters is what these are as one number, stirred. Of a longer
    one each further eight are added to the stirred number of those before, times a base.
    `TOGETHER` bytes have to follow where the last word starts.
    """
    import numpy as np

    eights = np.ndarray(len(joined) - TOGETHER + 1, "<u8", joined, strides=(1,))
    masks = np.array([256**count - 1 for count in range(TOGETHER + 1)], np.uint64)
    numbers = eights.take(starts) & masks.take(np.minimum(lengths, TOGETHER))
    further = TOGETHER
    longer = np.flatnonzero(lengths > further)
    while len(longer) and further < _LONG:
        letters = eights.take(starts[longer] + further)
        letters &= masks.take(np.minimum(lengths[longer] - further, TOGETHER))
        numbers[longer] = stirred(numbers[longer]) * np.uint64(_BASE) + letters
        further += TOGETHER
        longer = longer[lengths[longer] > further]
    for number in longer.tolist():
        word = joined[starts[number] : starts[number] + lengths[number]]
        numbers[number] = int.from_bytes(blake2b(word, digest_size=8).digest(), "little")
    return stirred(stirred(numbers))


def stirred(numbers: "Numbers") -> "Numbers":
    """Other numbers, one for each, whose every bit depends on all bits."""
    import numpy as np

    numbers = numbers ^ (numbers >> np.uint64(30))
    numbers *= np.uint64(_STIR)
    numbers ^= numbers >> np.uint64(31)
    return numbers
