"""What an error of the Hub's client means: worth another try or not, and what its user can do."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from kodgen.errors import HubError, HubRefused, HubUnavailable

PASSING = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses that say nothing of the request itself: another try may go well."""

CONFLICT = frozenset({409, 412})
"""The thing is there already, or is not any more what the request took it for."""

_RESET = re.compile(r"\br=0\b.*?\bt=(\d+)")
"""Of a `RateLimit` header: nothing left, and the seconds until there is."""

_TOLD_STATUS = re.compile(r"HTTP status (?:client|server) error \((\d{3})\b")
"""How the Xet client, which knows connection errors only, tells a status."""

_TOKEN = re.compile(r"hf_[A-Za-z0-9_-]{4,}|(?<=Bearer )\S+")

_QUERY = re.compile(r"(https?://[^\s?'\"]+)\?[^\s'\"]+")
"""Addresses to upload to carry their authorisation after the question mark."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One failed call, read."""

    status: int | None
    """HTTP status; None if there was no answer."""
    code: str
    """The Hub's own word for what is wrong, '' if it gave none."""
    said: str
    """What the host, or the library, told of it; free of secrets."""
    wait: float | None = None
    """Seconds the host asked to wait, or None if it did not say."""
    connection: bool = False
    """Whether the host was not reached, or left in the middle."""
    offline: bool = False
    """Whether the client was told by its environment to use no network."""
    here: bool = False
    """Whether this machine failed, such as by a full disk."""

    @property
    def passing(self) -> bool:
        """Whether another try may go well."""
        return self.connection or self.status in PASSING


def redacted(text: str, token: str | None = None) -> str:
    """Return a text without tokens, nor the secret part of addresses."""
    if token:
        text = text.replace(token, "(token)")
    return _QUERY.sub(r"\1", _TOKEN.sub("(token)", text))


def read_fault(error: BaseException, token: str | None = None) -> Fault:
    """Read an error of `huggingface_hub`, of any version since its 1.0."""
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    # What a lost connection or a timeout raises is of the HTTP library's own base class, and that
    # library is not the same in every version.
    transport = HfHubHTTPError.__bases__[0]
    chain = list(_chain(error))
    for one in chain:
        if isinstance(one, HfHubHTTPError):
            headers = one.response.headers
            said = headers.get("X-Error-Message") or one.server_message or str(one)
            return Fault(
                status=one.response.status_code,
                code=headers.get("X-Error-Code") or "",
                said=_flat(redacted(said, token)),
                wait=asked_wait(headers.get("Retry-After"), headers.get("RateLimit")),
            )
    for one in chain:
        said = _flat(redacted(f"{one}" or type(one).__name__, token))
        if isinstance(one, OfflineModeIsEnabled):
            return Fault(status=None, code="", said=said, offline=True)
        # An answer that is no JSON comes from something before the host, such as a proxy.
        if isinstance(one, transport | ConnectionError | TimeoutError | json.JSONDecodeError):
            found = _TOLD_STATUS.search(said)
            status = int(found.group(1)) if found else None
            return Fault(status=status, code="", said=said, connection=found is None)
    here = any(isinstance(one, OSError) and one.errno is not None for one in chain)
    return Fault(status=None, code="", said=_flat(redacted(f"{error}", token)), here=here)


def asked_wait(retry_after: str | None, rate_limit: str | None = None) -> float | None:
    """Return the seconds that an answer's headers ask to wait; None if they don't say.

    Args:
        retry_after: `Retry-After`, seconds or a date (RFC 9110, 10.2.3).
        rate_limit: `RateLimit`, as in the IETF's draft on rate limit headers that the Hub follows.
    """
    if retry_after is not None:
        text = retry_after.strip()
        if text.isdigit():
            return float(text)
        try:
            at = parsedate_to_datetime(text)
        except ValueError:
            return None
        at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
        return max(0.0, (at - datetime.now(UTC)).total_seconds())
    found = _RESET.search(rate_limit or "")
    return float(found.group(1)) if found else None


def told(fault: Fault, doing: str, endpoint: str, repo: str) -> HubError:
    """Return the error to raise for a fault that is final, saying what to do.

    Args:
        fault: What went wrong.
        doing: What was being done, as in "can't <doing>".
        endpoint: Address of the host.
        repo: Repository it was done to.
    """
    what = f"can't {doing}"
    if fault.passing:
        return HubUnavailable(f"{what}: {_later(fault, endpoint)}")
    if fault.offline:
        return HubRefused(f"{what}: HF_HUB_OFFLINE is set, so nothing may be sent; unset it")
    if fault.here:
        return HubRefused(f"{what}: this machine failed ({fault.said}); see to it and try again")
    return HubRefused(f"{what}: {_never(fault, endpoint, repo)}")


def _later(fault: Fault, endpoint: str) -> str:
    if fault.status == 429:
        after = f"in {fault.wait:.0f} s" if fault.wait is not None else "later"
        return (
            f"{endpoint} limits how often it is asked; run the same command again {after}, it goes "
            "on where it stopped"
        )
    return (
        f"{endpoint} does not answer as it should ({_status(fault)}); check that it can be "
        "reached, then run the same command again, it goes on where it stopped"
    )


def _never(fault: Fault, endpoint: str, repo: str) -> str:
    tokens = f"{endpoint}/settings/tokens"
    if fault.code == "RepoNotFound" or fault.status == 404:
        return (
            f"{endpoint} has it not, or does not show it to this token ({fault.said}); check the "
            f"name {repo} and what the token may see ({tokens})"
        )
    if fault.status == 401:
        return (
            f"{endpoint} refused the token, which is wrong, was revoked or has run out; make one "
            f"with write access at {tokens} and give it in HF_TOKEN or to `hf auth login`"
        )
    if fault.status in {402, 403}:
        return (
            f"{endpoint} does not allow it to this token ({fault.said}); use one that may write to "
            f"{repo} ({tokens}), or ask an owner of {repo.partition('/')[0]} for the right"
        )
    if fault.status in CONFLICT:
        return (
            f"{repo} is not what it was, or not what was expected ({fault.said}); see what is "
            "there now, then run the same command again"
        )
    return f"{endpoint} would not take it ({_status(fault)})"


def _status(fault: Fault) -> str:
    return fault.said if fault.status is None else f"status {fault.status}: {fault.said}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, outermost first."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__


def _flat(text: str, longest: int = 400) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else flat[: longest - 3] + "..."
