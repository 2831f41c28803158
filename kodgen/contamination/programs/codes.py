"""Skeletons of many programs at once, as arrays of bytes, to tell which few to look at closer.

What tokens are is told by `skeleton`, of which this is a faster and rougher reading: programs
where the two could differ are told apart, and are to be looked at.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Codes = npt.NDArray[np.uint8]
    Places = npt.NDArray[np.int64]
    Numbers = npt.NDArray[np.uint64]

WIDEST = 8
"""Letters of a word that can be a keyword or a number with a code: as many as a number's bytes."""
LINE, END = 254, 255
"""Codes of where a definition or a line without indentation begins, and of a program's end."""
DEEPEST = 32
"""Characters of indentation before a definition."""

_HIDDEN = re.compile(
    # A comment at a line's beginning goes with the line feed, which begins nothing else.
    r"\n\n*+\#[^\n]*+"
    r"|\#[^\n]*+"
    r'|"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""'
    r"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
    r"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'",
    re.DOTALL,
)
_END = "\0"
_NO_START = bytes(chr(byte) in "#)]}\0" or chr(byte).isspace() for byte in range(256))
"""Bytes with which a line without indentation doesn't begin."""
_LETTERS = bytes((chr(byte).isalnum() and byte < 128) or byte == ord("_") for byte in range(256))


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """Programs one after the other."""

    codes: "Codes"
    """Of tokens that have one, in order; among them `LINE` for a break, and `END` after each."""
    unclear: frozenset[int]
    """Programs that were not read, or may have been read wrongly."""


class Coder:
    """Reads programs as codes."""

    def __init__(self, words: Mapping[str, Sequence[int]], signs: Mapping[str, int]) -> None:
        """Take down the codes, 1 to 253, of words (one for each or two) and of single signs."""
        import numpy as np

        table = np.zeros(256, np.uint8)
        for sign, code in {**signs, _END: END}.items():
            table[ord(sign)] = code
        self._signs = table.tobytes()
        known = sorted((int.from_bytes(word.encode(), "little"), word) for word in words)
        self._known = np.array([number for number, _ in known], np.uint64)
        codes = [[*words[word], 0][:2] for _, word in known]
        self._first, self._second = np.array(codes, np.uint8).T.copy()
        self._starting = np.array(
            [code for token in ("def", "async", "class") for code in words[token]] + [signs["@"]],
            np.uint8,
        )

    def coded(self, programs: Sequence[str]) -> Coded:
        """The programs' codes."""
        import numpy as np

        shown = [_HIDDEN.sub('"', program) for program in programs]
        unclear = {n for n, text in enumerate(shown) if _END in text or not text.isascii()}
        texts = ["" if n in unclear else text for n, text in enumerate(shown)]
        joined = _END.join(["", *texts, _END * WIDEST])
        data = joined.encode().replace(b"->", b"  ")
        letters = np.frombuffer(data, np.uint8)
        codes = np.frombuffer(bytearray(data.translate(self._signs)), np.uint8)
        inside = np.frombuffer(bytearray(data.translate(_LETTERS)), np.uint8)
        dots = np.flatnonzero(letters == ord("."))
        inside[dots] = _is_digit(letters[dots - 1])
        self._add_words(data, inside, codes)
        self._add_lines(letters, codes)
        minus = np.flatnonzero((codes == self._signs[ord("-")]) | (codes == self._signs[ord("+")]))
        # `1e-5` is one token.
        minus = minus[(letters[minus - 1] | 0x20) == ord("e")]
        minus = minus[inside[minus - 2] > 0]
        minus = minus[_is_digit(letters[minus - 2]) | (letters[minus - 2] == ord("."))]
        ends = np.flatnonzero(letters == 0)[1:]
        unclear.update(np.searchsorted(ends, minus).tolist())
        return Coded(codes[np.flatnonzero(codes != 0)][1:-WIDEST], frozenset(unclear))

    def _add_words(self, data: bytes, inside: "Codes", codes: "Codes") -> None:
        import numpy as np

        edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
        starts, lengths = edges[::2], edges[1::2] - edges[::2]
        short = lengths <= WIDEST
        starts, lengths = starts[short], lengths[short]
        # The eight bytes from each place on, as one number.
        eights: Numbers = np.ndarray((len(data) - WIDEST + 1,), "<u8", data, strides=(1,))
        shifts = (np.uint64(8) * (WIDEST - lengths).astype(np.uint64)).astype(np.uint64)
        told = (eights[starts] << shifts) >> shifts
        ranks = np.minimum(np.searchsorted(self._known, told), len(self._known) - 1)
        known = np.flatnonzero(self._known[ranks] == told)
        starts, ranks = starts[known], ranks[known]
        codes[starts] = self._first[ranks]
        two = np.flatnonzero(self._second[ranks])
        codes[starts[two] + 1] = self._second[ranks[two]]

    def _add_lines(self, letters: "Codes", codes: "Codes") -> None:
        """Where a definition or a line without indentation begins."""
        import numpy as np

        feeds = np.flatnonzero(letters == ord("\n"))
        bare = np.frombuffer(_NO_START, np.bool_)[letters[feeds + 1]]
        codes[feeds[~bare]] = LINE
        starting = np.zeros(256, np.bool_)
        starting[self._starting] = True
        back = np.flatnonzero(starting[codes]) - 1
        for _ in range(DEEPEST):
            blank = (letters[back] == ord(" ")) | (letters[back] == ord("\t"))
            if not blank.any():
                break
            back -= blank
        codes[back[letters[back] == ord("\n")]] = LINE


def _is_digit(letters: "Codes") -> "npt.NDArray[np.bool_]":
    told: npt.NDArray[np.bool_] = (letters >= ord("0")) & (letters <= ord("9"))
    return told
