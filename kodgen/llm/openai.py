"""Any server that speaks the OpenAI API, through the `openai` package with its retries off."""

import asyncio
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

import openai

from kodgen import config
from kodgen.errors import LLMError, LLMFault, LLMMisconfigured
from kodgen.llm.batch_format import (
    MalformedBodyError,
    completion_from_body,
    excerpt,
    provider_message,
)
from kodgen.llm.protocol import BROKEN_OFF, Completion, Request
from kodgen.llm.server_errors import retry_after_seconds, status_error

OPENAI_URL = "https://api.openai.com/v1"
REQUEST_ID_HEADER = "X-Request-Id"
"""Carries the URL-quoted request id, so that a server's log can be joined with a run."""

NO_KEY = "none"
"""Sent to servers that want no key; the `openai` package insists on one."""

CONNECT_SECONDS = 10.0
"""Longest that opening a connection may take; generous for TLS across the world."""


class OpenAILLM:
    """A client of one server.

    Args:
        section: Server, model and limits.

    Raises:
        LLMMisconfigured: OpenAI's own server is meant but the environment holds no key, the key
            can't be sent, or `base_url` is not an HTTP URL.
    """

    def __init__(self, section: config.OpenAILLM) -> None:
        self._section = section
        self._url = section.base_url or OPENAI_URL
        self._server = _shown(self._url)
        self._key = _key(section)
        self.can_prefill = section.raw_completions and section.user_turn is not None
        limits = type(openai.DEFAULT_CONNECTION_LIMITS)(
            max_connections=None, max_keepalive_connections=section.concurrency
        )
        self._client = openai.AsyncOpenAI(
            api_key=self._key,
            base_url=self._url,
            max_retries=0,
            timeout=openai.Timeout(section.timeout_seconds, connect=CONNECT_SECONDS),
            http_client=openai.DefaultAsyncHttpxClient(limits=limits),
        )

    async def complete(self, request: Request) -> Completion:
        """Answer one request, trying once.

        Raises:
            LLMFault: No connection, no answer in time, 408, 409, 425, 429, 5xx, or a body that is
                no completion.
            LLMRefusal: The server does not like the request (400, 413, 422).
            LLMMisconfigured: It would like none (401, 402, 403, 404, 405, 407); or a prefix is to
                be continued and the section does not say how.
        """
        if request.user_prefix is not None:
            sending = self._continue(request, request.user_prefix)
        else:
            sending = self._chat(request)
        try:
            async with asyncio.timeout(self._section.timeout_seconds):
                body = await sending
        except (TimeoutError, openai.OpenAIError) as error:
            raise self._meaning(error) from error
        return self._read(body, request)

    async def close(self) -> None:
        """Close its connections."""
        await self._client.close()

    async def _chat(self, request: Request) -> bytes:
        raw = await self._client.chat.completions.with_raw_response.create(
            model=request.model,
            messages=[{"role": m.role, "content": m.content} for m in request.messages],  # type: ignore[misc]
            **self._settings(request),
        )
        content: bytes = raw.content
        return content

    async def _continue(self, request: Request, prefix: str) -> bytes:
        turn = self._section.user_turn
        if turn is None or not self.can_prefill:
            raise LLMMisconfigured(
                f"{request.id}: to finish a user's turn, `llm` needs `raw_completions: true` (the "
                "server has /v1/completions) and `user_turn` (how the model's chat template opens "
                "the user's turn)"
            )
        raw = await self._client.completions.with_raw_response.create(
            model=request.model, prompt=turn + prefix, **self._settings(request)
        )
        content: bytes = raw.content
        return content

    def _settings(self, request: Request) -> dict[str, Any]:
        sampling = request.sampling
        settings: dict[str, Any] = {
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "seed": request.seed,
            "extra_headers": {REQUEST_ID_HEADER: quote(request.id, safe="/:+")},
        }
        # OpenAI's own models take the newer name alone, other servers mostly the older one alone.
        newer = self._section.base_url is None and request.user_prefix is None
        settings["max_completion_tokens" if newer else "max_tokens"] = sampling.max_tokens
        if sampling.stop:
            settings["stop"] = list(sampling.stop)
        return settings

    def _read(self, content: bytes, request: Request) -> Completion:
        try:
            body = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise self._fault(f"its answer is not JSON: {excerpt(content)}") from error
        try:
            completion = completion_from_body(body, request.id, request.model)
        except MalformedBodyError as problem:
            raise self._fault(f"its answer is no completion: {problem}") from problem
        if completion.finish_reason in BROKEN_OFF:
            raise self._fault(f"it broke off its answer ({completion.finish_reason})")
        return completion

    def _meaning(self, error: TimeoutError | openai.OpenAIError) -> LLMError:
        """Our error for one of the client's."""
        if isinstance(error, openai.APIStatusError):
            return status_error(
                error.status_code,
                self._hide(provider_message(error.body or error.response.text)),
                code=error.code,
                retry_after=_retry_after(error.response.headers),
                server=self._server,
                model=self._section.model,
                key_env=self._section.api_key_env,
            )
        if isinstance(error, TimeoutError | openai.APITimeoutError):
            return self._fault(f"no answer in {self._section.timeout_seconds:g} s")
        cause = error.__cause__
        detail = f"{type(cause).__name__}: {cause}" if cause is not None else str(error)
        return self._fault(f"can't be reached ({detail})")

    def _fault(self, what: str) -> LLMFault:
        return LLMFault(self._hide(f"{self._server}: {what}"))

    def _hide(self, text: str) -> str:
        """A message without the key, should a server have echoed it."""
        return text if self._key == NO_KEY else text.replace(self._key, "[key]")


def _key(section: config.OpenAILLM) -> str:
    key = os.environ.get(section.api_key_env, "").strip()
    if not key:
        if section.base_url is None:
            raise LLMMisconfigured(
                f"no key: set the environment variable {section.api_key_env}, or name another one "
                "in `llm.api_key_env`; a local server needs `llm.base_url` and no key"
            )
        return NO_KEY
    if not (key.isascii() and key.isprintable()):
        raise LLMMisconfigured(
            f"the key in the environment variable {section.api_key_env} holds characters that no "
            "key has; set it again"
        )
    return key


def _shown(url: str) -> str:
    """The URL without credentials and query, to name the server by."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        parts, port = urlsplit(""), ""
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise LLMMisconfigured(
            "`llm.base_url` is not an HTTP URL such as http://127.0.0.1:8000/v1; correct it"
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}{parts.path}"


def _retry_after(headers: Mapping[str, str]) -> float | None:
    return retry_after_seconds(headers.get("retry-after"), datetime.now(UTC))
