from kodgen.tokens import estimated_tokens


def test_a_token_that_is_begun_counts() -> None:
    assert [estimated_tokens(length) for length in (0, 1, 4, 5, 4000)] == [0, 1, 1, 2, 1000]
