"""The statement of a task in plain sentences, whatever it is wrapped in.

Two texts that ask for the same differ least here: a docstring and a Markdown question, a prompt
for Python and its translation for Rust.
"""

import re

from kodgen.contamination.prose.markup import is_item, plain, without_item_mark
from kodgen.contamination.prose.remarks import HEAD, SENTENCE, Kind, has_words, remarks
from kodgen.contamination.prose.samples import without_samples

_FOR_EXAMPLE = re.compile(r"(?:for (?:example|instance)|e\.g\.|example)\b[,:]?", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'(])")
_LEAD = re.compile(
    r".*\b(?:start(?:ing|s)? with|signature|starter|template|skeleton|code|function|examples?"
    r"|snippet|like this|as follows)\b[^.]*:",
    re.IGNORECASE,
)
_LEAD_WORDS = 12
"""Words of the longest line that only leads to code which was taken out after it."""

_TITLE_WORDS = 2
"""Words up to which a paragraph beside others is a heading or a label."""


def prose(text: str) -> str:
    """A task's statement without code, signature, examples, doctests and markup.

    Docstrings and comments of code are read as text; comments inside of a function's body only
    where nothing else says what the task is. Wrapped lines are joined; paragraphs, and the items
    of a list, are lines of their own. Time is linear in the text's length.

    Returns:
        Plain sentences; empty where the text holds none.
    """
    said = _stated(list(remarks(text)))
    if not said and ("```" in text or "~~~" in text):
        said = _stated(list(remarks(text, fences=False)))
    return said


def _stated(lines: list[tuple[Kind, str]]) -> str:
    outside = _sentences([said for kind, said in lines if kind != "body"])
    if has_words(outside, SENTENCE):
        return outside
    return _sentences([said for _, said in lines])


def _sentences(lines: list[str]) -> str:
    paragraphs: list[list[str]] = [[]]
    for line in without_samples(lines):
        said = plain(line)
        if not said:
            _end(paragraphs, led=not line.strip())
            continue
        if is_item(said):
            _end(paragraphs, led=False)
            said = without_item_mark(said)
            if not said:
                continue
        paragraphs[-1].append(said)
    _end(paragraphs, led=True)
    found = [_without_instances(" ".join(paragraph)) for paragraph in paragraphs if paragraph]
    full = [paragraph for paragraph in found if has_words(paragraph, _TITLE_WORDS + 1)]
    return "\n".join(full or filter(None, found))


def _end(paragraphs: list[list[str]], *, led: bool) -> None:
    """Begin a new paragraph; a last line that led to what was taken out goes too."""
    last = paragraphs[-1]
    if not last:
        return
    short = not has_words(last[-1], _LEAD_WORDS + 1)
    if led and short and _LEAD.fullmatch(last[-1][:HEAD]):
        last.pop()
    if last:
        paragraphs.append([])


def _without_instances(paragraph: str) -> str:
    """Without the sentences that only give an example."""
    sentences = _SENTENCES.split(paragraph)
    return " ".join(said for said in sentences if not _FOR_EXAMPLE.match(said)).strip()
