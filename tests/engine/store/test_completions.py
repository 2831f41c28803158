"""The store of completions: what was paid for is found again, and what it took is known."""

import asyncio
import json
import os
import signal
import subprocess
import sys

import pytest

from kodgen import config
from kodgen.config import Sampling
from kodgen.engine.store.completions import CompletionStore, Tokens, completion_key
from kodgen.errors import RunDirectoryError
from kodgen.llm.batch_format import to_batch_line
from kodgen.llm.protocol import Completion, Message, Request
from kodgen.llm.recorded import RecordedLLM


def request(number=0, stage="solve", max_tokens=100, **changes):
    fields = {
        "id": f"{stage}/question:A/given/{number:012x}/0/0",
        "model": "m",
        "messages": (Message(role="user", content=f"Question {number}."),),
        "sampling": Sampling(max_tokens=max_tokens),
        "seed": number,
    }
    return Request(**fields | changes)


def answer(asked, text="text", finish_reason="stop", prompt=10, completion=20):
    return Completion(
        request_id=asked.id,
        model="m",
        text=text,
        finish_reason=finish_reason,
        prompt_tokens=prompt,
        completion_tokens=completion,
    )


def damage(path, old, new):
    """Change bytes of the file in place, as a bad disk does."""
    raw = path.read_bytes()
    assert raw.count(old) == 1
    with path.open("r+b") as file:
        file.seek(raw.index(old))
        file.write(new)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "completions.jsonl"


def test_an_answer_is_found_by_what_determines_it_and_not_by_its_id(path):
    store = CompletionStore(path)
    asked = request()
    store.add(asked, answer(asked), 1.0)
    store.close()
    store = CompletionStore(path)
    assert store.find(asked) == answer(asked)
    assert store.find(request(id="solve/another/1")) == answer(asked)
    others = [
        request(seed=7),
        request(model="other"),
        request(messages=(Message(role="user", content="Another."),)),
        request(sampling=Sampling(max_tokens=100, temperature=0.25)),
    ]
    assert [store.find(other) for other in others] == [None] * 4
    assert [store.answered(other) for other in [asked, *others]] == [True] + [False] * 4


@pytest.mark.parametrize(
    ("finish_reason", "then", "holds"),
    [
        ("stop", 100, True),
        ("stop", 200, True),
        ("length", 50, True),
        ("length", 100, True),
        ("length", 101, False),
        ("", 200, True),
    ],
)
def test_only_what_was_cut_off_is_asked_again_with_more_room(path, finish_reason, then, holds):
    store = CompletionStore(path)
    asked = request(max_tokens=100)
    store.add(asked, answer(asked, finish_reason=finish_reason), 1.0)
    store.close()
    before = path.read_bytes()
    store = CompletionStore(path)
    again = request(max_tokens=then)
    assert store.answered(again) is holds
    assert (store.find(again) is not None) is holds
    store.close()
    assert path.read_bytes() == before


def test_a_longer_answer_takes_the_place_of_the_one_cut_off(path):
    store = CompletionStore(path)
    short, long = request(max_tokens=100), request(max_tokens=200)
    store.add(short, answer(short, "cut", "length"), 1.0)
    store.add(long, answer(long, "whole"), 2.0)
    store.close()
    store = CompletionStore(path)
    assert store.find(short).text == store.find(long).text == "whole"
    assert store.spent["solve"] == Tokens(20, 40, 2, 3.0)


def test_what_answers_took_is_counted_by_stage_over_all_processes(path):
    store = CompletionStore(path)
    spent = store.spent["solve"]
    for number in range(3):
        store.add(request(number), answer(request(number)), 0.5)
    store.add(request(3), answer(request(3), prompt=None, completion=None), None)
    other = request(4, stage="synthesize")
    store.add(other, answer(other), 2.5)
    assert spent == Tokens(30, 60, 4, 1.5)
    store.close()
    for _ in ("with the index", "without"):
        again = CompletionStore(path)
        assert again.spent["solve"] == Tokens(30, 60, 4, 1.5)
        assert again.spent["synthesize"] == Tokens(10, 20, 1, 2.5)
        assert again.spent["crosscheck"] == Tokens()
        again.close()
        path.with_name(path.name + ".index").unlink()


def test_sums_that_someone_holds_are_right_when_the_index_is_made_anew_midway(path):
    store = CompletionStore(path)
    spent = store.spent["solve"]
    for number in range(50):
        store.add(request(number), answer(request(number), text=f"text {number};"), 0.5)
    damage(path, b'"text 17;"', b'"text 17";')
    with pytest.raises(RunDirectoryError):
        store.find(request(17))
    store.add(request(50), answer(request(50)), 0.5)
    assert spent == Tokens(510, 1020, 51, 25.5)
    assert all(store.answered(request(number)) for number in range(51))
    store.close()
    assert CompletionStore(path).spent["solve"] == spent


def test_a_sample_that_came_with_others_says_so(path):
    store = CompletionStore(path)
    asked = request()
    store.add(asked, answer(asked), 1.0, together=4)
    store.close()
    line = json.loads(path.read_text())
    assert line["kodgen"]["note"]["together"] == 4


def test_the_file_is_one_of_recorded_completions(path):
    store = CompletionStore(path)
    asked = request()
    store.add(asked, answer(asked), 1.0)
    store.close()
    section = config.RecordedLLM(backend="recorded", model="m", paths=[path.name])
    recorded = RecordedLLM(section, [path])
    assert asyncio.run(recorded.complete(asked)).text == "text"


def test_a_store_of_before_there_were_notes_is_read(path):
    asked = request(max_tokens=100)
    extra = {"key": completion_key(asked), "max_tokens": 100, "seconds": 1.5}
    line = to_batch_line(answer(asked, finish_reason="length")) | {"kodgen": extra}
    path.write_text(json.dumps(line) + "\n")
    store = CompletionStore(path)
    assert store.spent["solve"] == Tokens(10, 20, 1, 1.5)
    assert store.find(asked).text == "text"
    assert not store.answered(request(max_tokens=101))


def test_a_reader_changes_nothing(path):
    assert not CompletionStore(path, read_only=True).answered(request())
    assert not path.exists()
    store = CompletionStore(path)
    store.add(request(), answer(request()), 1.0)
    before = {file: file.read_bytes() for file in path.parent.iterdir()}
    reader = CompletionStore(path, read_only=True)
    assert reader.answered(request())
    assert reader.spent["solve"].answers == 1
    reader.close()
    assert {file: file.read_bytes() for file in path.parent.iterdir()} == before


def test_a_broken_answer_is_named(path):
    store = CompletionStore(path)
    for number in range(40):
        store.add(request(number), answer(request(number), text=f"text {number};"), 1.0)
    store.close()
    damage(path, b'"text 17;"', b'"text 17";')
    with pytest.raises(RunDirectoryError, match=r"completions\.jsonl:18: not JSON"):
        CompletionStore(path).find(request(17))


WRITER = """
from pathlib import Path
from tests.engine.store.test_completions import CompletionStore, answer, request
store = CompletionStore(Path({path!r}))
number = store.spent["solve"].answers
print("ready", flush=True)
while True:
    store.add(request(number), answer(request(number), "x" * 3000), 0.5)
    number += 1
"""


def test_sigkill_loses_no_answer_and_no_count(path):
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER.format(path=str(path))], stdout=subprocess.PIPE
        )
        assert writer.stdout.readline() == b"ready\n"
        before = path.stat().st_size
        while path.stat().st_size < before + 200_000:
            os.sched_yield()
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        store = CompletionStore(path)
        lines = path.read_bytes().count(b"\n")
        assert store.spent["solve"] == Tokens(10 * lines, 20 * lines, lines, 0.5 * lines)
        assert all(store.answered(request(number)) for number in range(lines))
        store.close()
