from datetime import UTC, datetime

import pytest

from kodgen.errors import LLMError, LLMFault, LLMMisconfigured, LLMRefusal
from kodgen.llm.server_errors import retry_after_seconds, status_error

NOW = datetime(2030, 1, 1, 12, 0, 0, tzinfo=UTC)


def error_of(status: int, code: str | None = None) -> LLMError:
    return status_error(
        status,
        "because",
        code=code,
        retry_after=2.0,
        server="http://h/v1",
        model="some-model",
        key_env="SOME_KEY",
    )


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 529])
def test_busy_and_broken_servers_are_worth_another_try(status: int) -> None:
    error = error_of(status)
    assert isinstance(error, LLMFault)
    assert error.retry_after == 2.0
    assert str(status) in str(error)


@pytest.mark.parametrize("status", [400, 413, 415, 422])
def test_a_disliked_request_is_a_refusal(status: int) -> None:
    error = error_of(status)
    assert isinstance(error, LLMRefusal)
    assert "because" in str(error)


@pytest.mark.parametrize(
    ("status", "code", "advice"),
    [
        (401, None, "SOME_KEY"),
        (402, None, "top it up"),
        (403, None, "SOME_KEY.*some-model"),
        (404, None, "some-model.*base_url"),
        (405, None, "base_url"),
        (429, "insufficient_quota", "top it up"),
        (400, "unsupported_parameter", "sampling"),
        (400, "model_not_found", "some-model"),
    ],
)
def test_what_every_request_would_meet_stops_the_run_and_says_what_to_do(
    status: int, code: str | None, advice: str
) -> None:
    error = error_of(status, code)
    assert isinstance(error, LLMMisconfigured)
    with pytest.raises(LLMMisconfigured, match=advice):
        raise error


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("7", 7.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("inf", None),
        ("nan", None),
        ("soon", None),
        ("Tue, 01 Jan 2030 12:00:30 GMT", 30.0),
        ("Tue, 01 Jan 2030 13:00:30 +0100", 30.0),
        ("Tue, 01 Jan 2030 11:00:00 GMT", 0.0),
        ("Tue, 01 Jan 2030 12:00:30 -0000", 30.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value, NOW) == seconds
