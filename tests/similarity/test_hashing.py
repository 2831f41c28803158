import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kodgen.errors import InputError
from kodgen.similarity.embedding import open_embedder
from kodgen.similarity.hashing import DIMENSION, HashingEmbedder
from tests.new_python import printed

QUESTION = """You are given a list of integers and a target. Write a function that returns the
indices of the two numbers whose sum is the target. Every input has exactly one solution, and the
same element may not be used twice. The list holds at least two and at most ten thousand numbers,
which may be negative. Return the indices in ascending order, and do not change the list."""


def cosine(one: str, other: str) -> float:
    first, second = HashingEmbedder().encode([one, other])
    return float(first @ second)


@given(st.lists(st.text().filter(str.strip), max_size=8))
def test_rows_are_unit_and_do_not_depend_on_their_company(texts: list[str]) -> None:
    rows = HashingEmbedder().encode(texts)
    assert rows.shape == (len(texts), DIMENSION)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    for text, row in zip(texts, rows, strict=True):
        np.testing.assert_array_equal(HashingEmbedder().encode([text])[0], row)


def test_is_the_same_in_every_process() -> None:
    code = (
        "import sys; from kodgen.similarity.hashing import HashingEmbedder;"
        "print(HashingEmbedder().encode([sys.argv[1]]).tobytes().hex())"
    )
    runs = [printed(code, QUESTION, hash_seed=seed) for seed in (1, 2)]
    assert runs[0] == runs[1] == HashingEmbedder().encode([QUESTION]).tobytes().hex()


def test_light_edits_are_near_and_other_questions_far() -> None:
    edited = QUESTION.replace("integers", "numbers").replace("ascending", "rising")
    assert cosine(QUESTION, edited) > 0.9
    assert cosine(QUESTION, QUESTION.upper()) == pytest.approx(1)
    assert cosine(QUESTION, "Parse a date such as 2024-05-01 and say its weekday.") < 0.4


def test_inflections_are_nearer_than_other_words() -> None:
    assert cosine("sort numbers", "sorting number") > cosine("sort numbers", "reverse strings")


def test_word_order_counts() -> None:
    assert cosine("convert text to binary", "convert binary to text") < 0.95


@pytest.mark.parametrize("text", ["", " \n"])
def test_blank_text_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="text 1 of the 2"):
        HashingEmbedder().encode(["x", text])


def test_punctuation_alone_has_vectors_of_its_own() -> None:
    assert cosine("???", "!!!") < 0.5
    assert cosine("???", "???") == pytest.approx(1)


def test_opens_by_name() -> None:
    embedder = open_embedder("hashing")
    assert (embedder.name, embedder.revision) == (f"hashing-{DIMENSION}", f"1-{DIMENSION}")
