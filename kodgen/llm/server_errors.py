"""What the failures of an OpenAI-compatible server mean: wait, turn the row away, or stop."""

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from kodgen.errors import LLMError, LLMFault, LLMMisconfigured, LLMRefusal

BUSY_STATUSES = frozenset({408, 409, 425, 429})
"""The statuses below 500 that another try may mend: timeout, conflict, too early, too many.

A server that gives one asks for patience; it does not choke on the request.
"""

OVERLOAD_STATUSES = frozenset({429, 503, 529})
"""The statuses that ask for fewer requests at a time (529 is some providers' own)."""

STOP_STATUSES = {
    401: "the server does not accept the key; set a valid one in {key_env}",
    402: "the account can't pay; top it up, then run the same command again",
    403: "the key in {key_env} may not use model {model!r}; use another key or another `model`",
    404: "no model {model!r} there, or `base_url` is wrong (most end in /v1); correct `llm`",
    405: "`base_url` is no OpenAI-compatible server (most end in /v1); correct it",
    407: "a proxy wants credentials; set them in HTTPS_PROXY, or exempt the server in NO_PROXY",
}
"""Statuses that every request would meet, and what to do about each."""

STOP_CODES = {
    "insufficient_quota": STOP_STATUSES[402],
    "model_not_found": STOP_STATUSES[404],
    "unsupported_parameter": "model {model!r} takes no such setting; change `sampling`",
    "unsupported_value": "model {model!r} takes no such setting; change `sampling`",
}
"""Error codes of OpenAI's that every request would meet, whatever their status."""


def status_error(
    status: int,
    said: str,
    *,
    code: str | None,
    retry_after: float | None,
    server: str,
    model: str,
    key_env: str,
) -> LLMError:
    """The error that an HTTP status means.

    Args:
        status: The status, 400 or more.
        said: The server's message.
        code: The `code` of the server's error object, if it had one.
        retry_after: Seconds it asked to wait.
        server: The server's URL, to name it by.
        model: The model that was asked for.
        key_env: The environment variable that holds the key.

    Returns:
        A fault (408, 409, 425, 429 and 5xx), a misconfiguration (401 to 407, and codes of the
        same meaning), or else a refusal: the request itself is what the server does not like.
    """
    what = f"{server} answered {status}: {said}"
    advice = STOP_CODES.get(code or "") or STOP_STATUSES.get(status)
    if advice is not None:
        return LLMMisconfigured(f"{what}; {advice.format(model=model, key_env=key_env)}")
    if status in BUSY_STATUSES or status >= 500:
        return LLMFault(
            what,
            retry_after=retry_after,
            busy=status in BUSY_STATUSES,
            overload=status in OVERLOAD_STATUSES,
        )
    return LLMRefusal(f"the server answered {status}: {said}")


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks to wait: a number, or the time until an HTTP date.

    None where there is no header or it can't be read (RFC 9110, section 10.2.3); 0.0 for a time
    gone by.
    """
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            date = parsedate_to_datetime(value)
        except ValueError:
            return None
        seconds = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now.timestamp()
    return max(seconds, 0.0) if math.isfinite(seconds) else None
