"""The OpenAI Batch output format: one line of JSON per answered request, both ways.

A line is `{"custom_id": ..., "response": {"status_code": 200, "body": {...}}, "error": null}`,
its body what `/v1/chat/completions` or `/v1/completions` would have answered. OpenAI's Batch API
and `vllm run-batch` write it, and so does the engine's own store of completions.
"""

from collections.abc import Mapping
from typing import Any

from kodgen.errors import InputError, LLMRefusal
from kodgen.llm.protocol import Completion

REASONING_KEYS = ("reasoning_content", "reasoning")
"""Where servers put reasoning kept apart from the answer: vLLM's older name, then its newer one."""

HTTP_OK = 200


class MalformedBodyError(ValueError):
    """A body that is no completion; the message names the field."""


def from_batch_line(line: Mapping[str, Any], place: str) -> Completion:
    """The completion that one line of a Batch output file holds.

    Args:
        line: The parsed line.
        place: Where it comes from, `<file>:<line number>`, to begin messages with.

    Raises:
        InputError: The line is not of the format; the message names place and field.
        LLMRefusal: The line says that the request failed; the message is the provider's.
    """
    custom_id = batch_id(line, place)
    error = line.get("error")
    if error is not None:
        raise LLMRefusal(f"{custom_id}: the provider failed it: {provider_message(error)}")
    response = line.get("response")
    if not isinstance(response, Mapping):
        raise _malformed(place, "response", "neither a response nor an error", response)
    status = response.get("status_code")
    if not isinstance(status, int) or isinstance(status, bool):
        raise _malformed(place, "response.status_code", "not a whole number", status)
    body = response.get("body")
    if status != HTTP_OK:
        raise LLMRefusal(f"{custom_id}: the provider answered {status}: {provider_message(body)}")
    try:
        return completion_from_body(body, custom_id, model="")
    except MalformedBodyError as problem:
        raise InputError(
            f"{place}: response.body.{problem}; fix the line or delete it"
        ) from problem


def batch_id(line: object, place: str) -> str:
    """The request id a line is keyed by.

    Raises:
        InputError: The line is no object, or has no `custom_id`.
    """
    if not isinstance(line, Mapping):
        raise InputError(f"{place}: not a JSON object; is this a Batch output file?")
    custom_id = line.get("custom_id")
    if not isinstance(custom_id, str) or not custom_id:
        raise _malformed(place, "custom_id", "not a request's id", custom_id)
    return custom_id


def to_batch_line(completion: Completion) -> dict[str, Any]:
    """The line that `from_batch_line` reads back to an equal completion.

    Nothing in it depends on time: `created` is 0, so equal completions make equal lines.
    """
    message: dict[str, Any] = {"role": "assistant", "content": completion.text}
    if completion.reasoning is not None:
        message[REASONING_KEYS[0]] = completion.reasoning
    counts = {
        "prompt_tokens": completion.prompt_tokens,
        "completion_tokens": completion.completion_tokens,
    }
    usage = {key: count for key, count in counts.items() if count is not None}
    if len(usage) == len(counts):
        usage["total_tokens"] = sum(usage.values())
    body: dict[str, Any] = {
        "id": completion.request_id,
        "object": "chat.completion",
        "created": 0,
        "model": completion.model,
        "choices": [
            {"index": 0, "message": message, "finish_reason": completion.finish_reason or None}
        ],
    }
    if usage:
        body["usage"] = usage
    return {
        "id": completion.request_id,
        "custom_id": completion.request_id,
        "response": {
            "status_code": HTTP_OK,
            "request_id": completion.request_id,
            "body": body,
        },
        "error": None,
    }


def completion_from_body(body: object, request_id: str, model: str) -> Completion:
    """Read the body of a chat completion or of a text completion.

    The text is the first choice's; a null text is empty where the server says why it finished
    (a content filter, for one). Halves of surrogate pairs, which no UTF-8 file can hold, become
    U+FFFD.

    Args:
        body: The parsed body.
        request_id: Which request it answers.
        model: The model to name where the body names none.

    Raises:
        MalformedBodyError: It is neither; the message names the field.
    """
    if not isinstance(body, Mapping):
        raise MalformedBodyError(f"(whole): expected an object, got {excerpt(body)}")
    choices = body.get("choices")
    if not isinstance(choices, list) or not choices:
        raise MalformedBodyError(f"choices: expected a list of choices, got {excerpt(choices)}")
    choice = choices[0]
    if not isinstance(choice, Mapping):
        raise MalformedBodyError(f"choices[0]: expected an object, got {excerpt(choice)}")
    finish_reason = _text(choice, "finish_reason", "choices[0].finish_reason") or ""
    text, reasoning = _answer(choice)
    if text is None and not finish_reason:
        raise MalformedBodyError("choices[0]: holds no text and no finish_reason")
    usage = body.get("usage")
    return Completion(
        request_id=request_id,
        model=_text(body, "model", "model") or model,
        text=text or "",
        reasoning=reasoning,
        finish_reason=finish_reason,
        prompt_tokens=_count(usage, "prompt_tokens"),
        completion_tokens=_count(usage, "completion_tokens"),
    )


def provider_message(error: object) -> str:
    """What a provider's error says, in one line of at most 500 characters."""
    found = error
    while isinstance(found, Mapping):
        found = next((found[key] for key in ("error", "message", "detail") if found.get(key)), None)
    said = found if isinstance(found, str) else excerpt(error, length=500)
    return " ".join(said.split())[:500]


def excerpt(value: object, length: int = 80) -> str:
    """A value in one short line, for messages."""
    shown = " ".join(repr(value).split())
    return shown if len(shown) <= length else f"{shown[:length]}..."


def _answer(choice: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Text and reasoning of a choice: a chat's message, or a text completion's text."""
    if "message" not in choice:
        return _text(choice, "text", "choices[0].text"), None
    message = choice["message"]
    if not isinstance(message, Mapping):
        raise MalformedBodyError(f"choices[0].message: expected an object, got {excerpt(message)}")
    place = "choices[0].message"
    said = [_text(message, key, f"{place}.{key}") for key in REASONING_KEYS]
    reasoning = next((text for text in said if text is not None), None)
    return _text(message, "content", f"{place}.content"), reasoning


def _text(holder: Mapping[str, Any], key: str, place: str) -> str | None:
    value = holder.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise MalformedBodyError(f"{place}: expected text, got {excerpt(value)}")
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _count(usage: object, key: str) -> int | None:
    if usage is None:
        return None
    if not isinstance(usage, Mapping):
        raise MalformedBodyError(f"usage: expected an object, got {excerpt(usage)}")
    value = usage.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise MalformedBodyError(f"usage.{key}: expected a count of tokens, got {excerpt(value)}")
    return value


def _malformed(place: str, field: str, problem: str, value: object) -> InputError:
    return InputError(
        f"{place}: {field}: {problem} ({excerpt(value)}); "
        "each line must be of the OpenAI Batch output format"
    )
