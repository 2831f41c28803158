"""What a language model backend takes and gives: one request path for every stage."""

from typing import Literal, Protocol

from pydantic import Field

from kodgen.config import Sampling
from kodgen.records import Record

BROKEN_OFF = frozenset({"error", "abort"})
"""Finish reasons that say that the server gave up in the middle: what came is no answer."""


class Message(Record):
    """One turn of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


class Request(Record):
    """One completion wanted: a chat, or a raw prefix of the user's own turn to continue."""

    id: str = Field(description="`<stage>/<row id>/<attempt>`; the `custom_id` of a Batch file.")
    model: str
    messages: tuple[Message, ...] = Field(description="The chat; empty where `user_prefix` is set.")
    user_prefix: str | None = Field(
        default=None,
        description="Start of a user's turn that the model is to finish (Magpie-style prefill).",
    )
    sampling: Sampling
    seed: int = Field(ge=0, lt=2**31)


class Completion(Record):
    """What came back."""

    request_id: str
    model: str
    text: str
    reasoning: str | None = Field(default=None, description="Reasoning the server kept apart.")
    finish_reason: str = Field(description="`stop`, `length`, …, as the server said; empty if not.")
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class LLM(Protocol):
    """A backend. Its own retries are off: the engine retries."""

    can_prefill: bool
    """Whether it can finish a user's turn (`Request.user_prefix`)."""

    async def complete(self, request: Request) -> Completion:
        """Answer one request.

        Raises:
            LLMFault: The infrastructure failed; another try may succeed.
            LLMRefusal: This request will never be answered.
            LLMUnanswered: This request has no answer for now, though others may have.
            LLMMisconfigured: No request will ever be answered.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
