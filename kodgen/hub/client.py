"""A client of the Hub that is patient, quiet, and explains what went wrong."""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from kodgen.errors import HubRefused, HubUnavailable
from kodgen.hub.faults import CONFLICT, Fault, read_fault, redacted, told

Answer = TypeVar("Answer")

HUB = "https://huggingface.co"

_LIBRARIES = ("huggingface_hub", "httpx", "httpx2")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call is tried again when the host fails or asks to wait."""

    tries: int = 6
    first: float = 1.0
    """Seconds before the second try; doubled for each one after it."""
    most: float = 60.0
    """Seconds between two tries, unless the host asks for more."""
    longest: float = 900.0
    """Seconds that a host may ask to wait, and after which a call that failed is not tried again:
    the library itself waits too, for minutes where large files are sent."""
    sleep: Callable[[float], None] = time.sleep

    def before(self, turn: int, asked: float | None) -> float:
        """Return the seconds to wait after failed try `turn`, counted from 0."""
        return asked if asked is not None else min(self.most, self.first * 2**turn)


class Client:
    """Calls of `huggingface_hub` about one repository, tried again where that may help."""

    def __init__(
        self,
        repo: str,
        *,
        token: str | None,
        endpoint: str | None,
        tell: Callable[[str], None],
        patience: Patience | None,
    ) -> None:
        """Make a client; nothing is sent yet.

        Args:
            repo: `namespace/name` of a dataset.
            token: What the host knows its user by; None for the one that HF_TOKEN or `hf auth
                login` gave.
            endpoint: Address of the host; None for HF_ENDPOINT's, or the public Hub's.
            tell: Takes one line at a time of what is being waited for.
            patience: How long to try; None for as long as usual.

        Raises:
            HubRefused: The token can't be one, or the endpoint is no address.
        """
        # Read by the library when it is first imported.
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        from huggingface_hub import HfApi, get_token
        from huggingface_hub.errors import HfHubHTTPError

        self.repo = repo
        self.token = checked_token(token if token is not None else get_token())
        self.endpoint = checked_endpoint(endpoint or os.environ.get("HF_ENDPOINT") or HUB)
        # False keeps the library from looking for a token of its own.
        self.api: Any = HfApi(
            endpoint=self.endpoint, token=self.token or False, library_name="kodgen"
        )
        self.tell = tell
        self._patience = patience or Patience()
        self._failures: tuple[type[Exception], ...] = (
            HfHubHTTPError.__bases__[0],
            OSError,
            RuntimeError,
            ValueError,
        )

    @property
    def url(self) -> str:
        """Where the repository is read in a browser."""
        return f"{self.endpoint}/datasets/{self.repo}"

    def ask(
        self,
        doing: str,
        call: Callable[[], Answer],
        *,
        done: Callable[[], Answer | None] | None = None,
    ) -> Answer:
        """Return what a call answers, trying again while the host fails for a time only.

        Args:
            doing: What the call does, as in "can't <doing>".
            call: Makes one request, or several that may be repeated.
            done: Finds out whether an earlier try went well after all, its answer lost; returns
                that answer, or None. Needed for a call that must not be made twice.

        Raises:
            HubRefused: The host refuses, for good.
            HubUnavailable: It still fails after the last try, or asks to wait for too long.
        """
        turn, started = 0, time.monotonic()
        while True:
            try:
                return call()
            except self._failures as error:
                fault = read_fault(error, self.token)
                if done is not None and (fault.passing or fault.status in CONFLICT):
                    answer = self.ask(f"see what came of trying to {doing}", done)
                    if answer is not None:
                        return answer
                wait = self._patience.before(turn, fault.wait)
                turn += 1
                late = time.monotonic() - started > self._patience.longest
                if not fault.passing or late or turn >= self._patience.tries:
                    raise told(fault, doing, self.endpoint, self.repo) from error
                self._check_wait(fault, wait, doing)
                self.tell(f"{self.endpoint}: {_reason(fault)}; trying again in {wait:.0f} s")
                self._patience.sleep(wait)

    def _check_wait(self, fault: Fault, wait: float, doing: str) -> None:
        if wait > self._patience.longest:
            raise HubUnavailable(
                f"can't {doing}: {self.endpoint} asks to wait for {wait:.0f} s "
                f"({_reason(fault)}); run the same command again then, it goes on where it stopped"
            )


def checked_token(token: str | None) -> str | None:
    """Return a token without blanks around it; it is never shown, also when it is refused.

    Raises:
        HubRefused: It holds what no token holds.
    """
    token = (token or "").strip()
    if not token:
        return None
    if not all("!" <= sign <= "~" for sign in token):
        raise HubRefused(
            "the token holds blanks or signs that no token has: copy it again, whole and alone"
        )
    return token


def checked_endpoint(endpoint: str) -> str:
    """Return an address without a slash at its end.

    Raises:
        HubRefused: It is no http(s) address.
    """
    if not endpoint.startswith(("https://", "http://")):
        raise HubRefused(
            f"the endpoint {endpoint!r} is no address: write https://..., or unset HF_ENDPOINT"
        )
    return endpoint.rstrip("/")


@contextmanager
def quiet(tell: Callable[[str], None], token: str | None = None) -> Iterator[None]:
    """Keep the library's bars and log lines off the terminal; its warnings are told instead."""
    from huggingface_hub.utils.tqdm import (
        are_progress_bars_disabled,
        disable_progress_bars,
        enable_progress_bars,
    )

    loggers = [logging.getLogger(name) for name in _LIBRARIES]
    before = [(one, one.level, one.handlers[:], one.propagate) for one in loggers]
    shown = not are_progress_bars_disabled()
    handler = _Telling(tell, token)
    try:
        if shown:
            disable_progress_bars()
        for one in loggers:
            one.handlers, one.propagate = [handler], False
            one.setLevel(logging.WARNING)
        yield
    finally:
        for one, level, handlers, propagate in before:
            one.handlers, one.propagate = handlers, propagate
            one.setLevel(level)
        if shown:
            enable_progress_bars()


class _Telling(logging.Handler):
    def __init__(self, tell: Callable[[str], None], token: str | None) -> None:
        super().__init__(logging.WARNING)
        self._tell = tell
        self._token = token

    def emit(self, record: logging.LogRecord) -> None:
        self._tell(redacted(record.getMessage(), self._token))


def _reason(fault: Fault) -> str:
    if fault.status is None:
        return fault.said
    return {429: "too many requests"}.get(fault.status, f"status {fault.status}")
