import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.chat import ChatCompletion

from kodgen.errors import InputError, LLMRefusal
from kodgen.llm.batch_format import (
    MalformedBodyError,
    completion_from_body,
    from_batch_line,
    provider_message,
    to_batch_line,
)
from kodgen.llm.protocol import Completion


def line(**body: Any) -> dict[str, Any]:
    body = {"choices": [{"message": {"content": "hi"}, "finish_reason": "stop"}]} | body
    return {"custom_id": "solve/q/0", "response": {"status_code": 200, "body": body}}


counts = st.none() | st.integers(min_value=0, max_value=10**9)


@given(
    st.builds(
        Completion,
        request_id=st.text(min_size=1),
        model=st.text(),
        text=st.text(),
        reasoning=st.none() | st.text(),
        finish_reason=st.sampled_from(["stop", "length", "content_filter"]),
        prompt_tokens=counts,
        completion_tokens=counts,
    )
)
def test_a_line_reads_back_to_the_completion_it_was_written_from(completion: Completion) -> None:
    written = json.loads(json.dumps(to_batch_line(completion)))
    assert from_batch_line(written, "f:1") == completion


def test_no_finish_reason_reads_back_too() -> None:
    completion = Completion(request_id="a", model="m", text="t", finish_reason="")
    assert from_batch_line(to_batch_line(completion), "f:1") == completion


def test_a_written_body_is_what_the_openai_package_reads() -> None:
    completion = Completion(
        request_id="solve/q/0",
        model="m",
        text="t",
        finish_reason="stop",
        prompt_tokens=3,
        completion_tokens=4,
    )
    body = to_batch_line(completion)["response"]["body"]
    read = ChatCompletion.model_validate(body)
    assert read.usage is not None
    assert (read.choices[0].message.content, read.usage.total_tokens) == ("t", 7)


def test_a_line_of_a_provider_is_read() -> None:
    found = from_batch_line(
        {
            "id": "batch_req_1",
            "custom_id": "solve/q/2",
            "response": {
                "status_code": 200,
                "request_id": "r",
                "body": {
                    "id": "chatcmpl-1",
                    "object": "chat.completion",
                    "created": 1711652795,
                    "model": "some-model",
                    "choices": [
                        {
                            "index": 0,
                            "message": {"role": "assistant", "content": "x = 1"},
                            "logprobs": None,
                            "finish_reason": "length",
                        }
                    ],
                    "usage": {"prompt_tokens": 5, "completion_tokens": 6, "total_tokens": 11},
                },
            },
            "error": None,
        },
        "f:1",
    )
    assert found == Completion(
        request_id="solve/q/2",
        model="some-model",
        text="x = 1",
        finish_reason="length",
        prompt_tokens=5,
        completion_tokens=6,
    )


def test_a_text_completion_is_read() -> None:
    found = from_batch_line(line(choices=[{"text": " sort", "finish_reason": "stop"}]), "f:1")
    assert (found.text, found.reasoning) == (" sort", None)


@pytest.mark.parametrize("key", ["reasoning_content", "reasoning"])
def test_reasoning_is_kept_apart(key: str) -> None:
    found = from_batch_line(line(choices=[{"message": {"content": "a", key: "why"}}]), "f:1")
    assert (found.text, found.reasoning) == ("a", "why")


def test_a_filtered_answer_is_empty() -> None:
    choice = {"message": {"content": None}, "finish_reason": "content_filter"}
    found = from_batch_line(line(choices=[choice]), "f:1")
    assert (found.text, found.finish_reason) == ("", "content_filter")


def test_half_a_surrogate_pair_becomes_a_replacement_character_and_whole_pairs_stay() -> None:
    body = json.loads(r'{"choices": [{"text": "a\ud83d b\ud83d\ude00"}]}')
    assert completion_from_body(body, "r", "m").text == "a\ufffd b\N{GRINNING FACE}"


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ([], "not a JSON object"),
        ({"response": {}}, "custom_id"),
        ({"custom_id": 7}, "custom_id"),
        ({"custom_id": "a"}, "response"),
        ({"custom_id": "a", "response": {"body": {}}}, "response.status_code"),
        ({"custom_id": "a", "response": {"status_code": 200, "body": "x"}}, "response.body"),
        (line(choices=[]), "response.body.choices"),
        (line(choices=["x"]), r"choices\[0\]"),
        (line(choices=[{"message": "x"}]), r"choices\[0\].message"),
        (line(choices=[{"message": {"content": ["x"]}}]), r"choices\[0\].message.content"),
        (line(choices=[{"message": {"content": None}}]), "no text and no finish_reason"),
        (line(choices=[{"text": 5}]), r"choices\[0\].text"),
        (line(usage={"prompt_tokens": "5"}), "usage.prompt_tokens"),
        (line(usage={"completion_tokens": -1}), "usage.completion_tokens"),
        (line(usage=7), "usage"),
    ],
)
def test_a_malformed_line_is_named_by_place_and_field(bad: Any, field: str) -> None:
    with pytest.raises(InputError, match=field) as caught:
        from_batch_line(bad, "out.jsonl:12")
    assert str(caught.value).startswith("out.jsonl:12: ")


@pytest.mark.parametrize(
    "failed",
    [
        {"response": None, "error": {"code": "batch_expired", "message": "too late"}},
        {"response": {"status_code": 400, "body": {"error": {"message": "too late"}}}},
        {"response": {"status_code": 500, "body": {"object": "error", "message": "too late"}}},
        {"response": {"status_code": 400, "body": "too late"}},
    ],
)
def test_a_failed_request_is_a_refusal_with_the_providers_message(failed: dict[str, Any]) -> None:
    with pytest.raises(LLMRefusal, match=r"solve/q/0: .*too late"):
        from_batch_line({"custom_id": "solve/q/0", **failed}, "f:1")


def test_where_the_body_names_no_model_the_caller_does() -> None:
    assert completion_from_body({"choices": [{"text": "a"}]}, "r", "mine").model == "mine"


def test_a_body_that_is_a_list_is_malformed() -> None:
    with pytest.raises(MalformedBodyError, match="expected an object"):
        completion_from_body([1], "r", "m")


def test_a_providers_message_is_one_short_line() -> None:
    assert provider_message({"detail": "a\n  b"}) == "a b"
    assert len(provider_message({"detail": [{"loc": "x" * 900}]})) <= 504
