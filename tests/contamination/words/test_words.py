"""Texts as words, with their places."""

import pytest

from kodgen.contamination.words.words import distinct_words, word_spans, words
from kodgen.similarity.normalise import normalised

TEXTS = [
    "Return the 2nd word of a_text, please.",
    "Straße and Ångström: “quoted” \u2013 it\u2019s 10² long",
    "f('abc')→3 and x≤y",
    "日本語 text テスト, ok",
    "no\u00a0break space\u3000wide\u0085next",
    "...—... signs alone ≠ words",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
def test_words_are_those_of_the_normalised_text_and_each_has_a_place(text):
    assert words(text) == [word for word in normalised(text).split() if word.isalnum()]
    assert len(word_spans(text)) == len(words(text))
    assert distinct_words(text) == set(words(text))


def test_a_long_text_has_the_words_of_its_parts():
    assert words("one two\n" * 9_000) == ["one", "two"] * 9_000
    assert distinct_words("one two\n" * 9_000) == {"one", "two"}
