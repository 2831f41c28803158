import pytest
from hypothesis import given
from hypothesis import strategies as st

from kodgen.similarity.normalise import normalised


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Reverse a string.", "  reverse\n\ta `String`"),
        ("\uff46\uff55\uff4c\uff4c width \ufb01ne", "full width fine"),
        ("Straße", "STRASSE"),
        ('a "quoted" snake_case', "a “quoted” snake case"),
    ],
)
def test_copies_are_one_text(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("return 5", "return 6"),
        ("ab", "a b"),
        ("की", "का"),  # differ in a vowel sign, which is a combining mark
        ("???", "!!!"),
        ("+", ""),
    ],
)
def test_different_texts_stay_apart(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


@given(st.text())
def test_only_a_blank_text_becomes_empty(text: str) -> None:
    assert (normalised(text) == "") == (text.strip() == "")


@given(st.text(st.characters(max_codepoint=0x2FF)))
def test_words_with_one_space_between(text: str) -> None:
    found = normalised(text)
    assert normalised(found) == found
    assert normalised(f" {text}\n") == found


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_ascii_takes_the_same_way_as_the_rest(text: str) -> None:
    # A letter beyond ASCII sends the whole text through the general branch.
    assert normalised(f"x {text} é").removesuffix(" é") == normalised(f"x {text}")
