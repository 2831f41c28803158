"""Text as it is compared: what two copies of a question may differ in is taken away."""

import re
import unicodedata

_OTHER = re.compile(r"[^0-9a-z]+")


def normalised(text: str) -> str:
    """Fold case, Unicode forms, punctuation and spacing away: words with one space between.

    Punctuation and spacing are what copies of a question differ in most, and matching without
    them finds a third more translated benchmark prompts than matching with them. Combining marks
    stay with their letters, since the vowels of several scripts are marks. A text without letters
    or digits stays as it is, stripped, so that such texts don't all count as one.

    The price: questions that differ in signs alone (`a + b`, `a - b`) count as copies.
    """
    if text.isascii():
        words = _OTHER.sub(" ", text.lower()).strip()
    else:
        # Folding case can bring forth characters that NFKC composes, hence twice.
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        letters = (c if unicodedata.category(c)[0] in "LNM" else " " for c in folded)
        words = " ".join("".join(letters).split())
    return words or text.strip()
