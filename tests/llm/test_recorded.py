import asyncio
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from kodgen import config
from kodgen.config import Sampling
from kodgen.errors import InputError, LLMRefusal, LLMUnanswered
from kodgen.llm.backends import open_llm
from kodgen.llm.batch_format import to_batch_line
from kodgen.llm.protocol import Completion, Message, Request
from kodgen.llm.recorded import RecordedLLM


def asking(request: str) -> Request:
    return Request(
        id=request,
        model="recorded",
        messages=(Message(role="user", content="?"),),
        sampling=Sampling(),
        seed=0,
    )


def answer(request: str, text: str) -> dict[str, Any]:
    completion = Completion(request_id=request, model="theirs", text=text, finish_reason="stop")
    return to_batch_line(completion)


def failure(request: str, message: str) -> dict[str, Any]:
    return {"custom_id": request, "response": None, "error": {"message": message}}


def write(path: Path, lines: Iterable[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def opened(*paths: Path) -> RecordedLLM:
    return RecordedLLM(config.RecordedLLM(backend="recorded", paths=paths, model="m"), paths)


def ask(llm: RecordedLLM, request: str) -> Completion:
    return asyncio.run(llm.complete(asking(request)))


def test_an_answer_is_found_by_request_id_and_names_the_pipelines_model(tmp_path: Path) -> None:
    llm = opened(write(tmp_path / "a.jsonl", [answer(f"r/{n}", f"text é {n}") for n in range(50)]))
    assert len(llm) == 50
    assert {ask(llm, f"r/{n}").text for n in (49, 0, 7)} == {"text é 49", "text é 0", "text é 7"}
    assert ask(llm, "r/3").model == "m"
    asyncio.run(llm.close())


def test_nothing_recorded_is_a_refusal(tmp_path: Path) -> None:
    llm = opened(write(tmp_path / "a.jsonl", [answer("r/0", "x")]))
    with pytest.raises(LLMUnanswered, match="no recorded completion for 'r/1'"):
        ask(llm, "r/1")


def test_a_failed_request_is_a_refusal(tmp_path: Path) -> None:
    llm = opened(write(tmp_path / "a.jsonl", [failure("r/0", "the batch expired")]))
    with pytest.raises(LLMRefusal, match="the batch expired"):
        ask(llm, "r/0")


def test_the_last_answer_holds_and_a_failure_hides_none(tmp_path: Path) -> None:
    first = write(tmp_path / "a.jsonl", [failure("r/0", "late"), answer("r/1", "old")])
    second = write(
        tmp_path / "b.jsonl", [answer("r/0", "new"), answer("r/1", "new"), failure("r/1", "late")]
    )
    llm = opened(first, second)
    assert [ask(llm, "r/0").text, ask(llm, "r/1").text] == ["new", "new"]


def test_blank_lines_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    line = json.dumps(answer("r/0", "x"))
    path.write_bytes(b"\xef\xbb\xbf" + line.encode() + b"\r\n\r\n" + line.encode())
    assert ask(opened(path), "r/0").text == "x"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"custom_id": "r/0"\n', "a.jsonl:2: not JSON"),
        (b"\xff\xfe\n", "a.jsonl:2: not JSON"),
        (b'{"custom_id": "r/0"}\n', "a.jsonl:2: response: "),
        (b"[" * 100_000 + b"\n", "a.jsonl:2: not JSON"),
    ],
)
def test_a_broken_line_is_named_when_the_file_is_opened(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(json.dumps(answer("r/1", "x")).encode() + b"\n" + content)
    with pytest.raises(InputError, match=message):
        opened(path)


def test_a_missing_and_an_empty_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.jsonl: can't be read \(No such file"):
        opened(tmp_path / "none.jsonl")
    with pytest.raises(InputError, match=r"empty\.jsonl: holds no line"):
        opened(write(tmp_path / "empty.jsonl", []))


def test_relative_paths_start_from_the_pipelines_folder(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", [answer("r/0", "x")])
    section = config.RecordedLLM(backend="recorded", paths=(Path("a.jsonl"),))
    llm = open_llm(section, tmp_path)
    assert llm.can_prefill
    assert asyncio.run(llm.complete(asking("r/0"))).model == "recorded"
    asyncio.run(llm.close())


def test_several_are_looked_up_in_their_order(tmp_path: Path) -> None:
    async def together() -> list[str]:
        llm = opened(write(tmp_path / "a.jsonl", [answer(f"r/{n}", f"text {n}") for n in range(3)]))
        await llm.start()
        answers = await llm.complete_together([asking("r/2"), asking("r/0")])
        await llm.close()
        return [one.text for one in answers]

    assert asyncio.run(together()) == ["text 2", "text 0"]
    assert RecordedLLM.most_together == 1
