"""Batches: what is exported is what a build would ask, and what comes back is stored once."""

import asyncio
import json
import urllib.error
import urllib.request
from urllib.parse import quote

import pytest

from kodgen.config import VLLMLLM, OpenAILLM, Sampling
from kodgen.engine.batch import LONGEST_ID, Collector, Exports, Shards
from kodgen.engine.batch_export import export_batch
from kodgen.engine.batch_import import import_batch
from kodgen.engine.store.completions import CompletionStore
from kodgen.errors import ConfigError, InputError, LLMUnanswered, RunDirectoryError
from kodgen.llm.batch_input import to_batch_request
from kodgen.llm.protocol import Message, Request
from kodgen.pipeline.file import read_pipeline
from tests.building import BAD, GOOD, LIGHT, jsonl, kodgen, pipeline_file, sealed_digests
from tests.replay_server import ReplayServer, Reply, attempt_of

CHAT = OpenAILLM(backend="openai", model="m", base_url="http://127.0.0.1:9/v1")


def request(name="solve/q/0", text="say", max_tokens=100, **fields):
    return Request(
        id=name,
        model="m",
        messages=(Message(role="user", content=text),),
        sampling=Sampling(max_tokens=max_tokens, stop=("END",)),
        seed=7,
        **fields,
    )


def test_a_line_asks_for_what_a_live_request_asks_for():
    line = to_batch_request(request(), "id-1", CHAT)
    assert line == {
        "custom_id": "id-1",
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": {
            "model": "m",
            "messages": [{"role": "user", "content": "say"}],
            "temperature": 1.0,
            "top_p": 1.0,
            "max_tokens": 100,
            "seed": 7,
            "stop": ["END"],
        },
    }
    openai = OpenAILLM(backend="openai", model="m")
    assert "max_completion_tokens" in to_batch_request(request(), "x", openai)["body"]
    vllm = VLLMLLM(backend="vllm", model="m", chat_template_args={"enable_thinking": False})
    body = to_batch_request(request(), "x", vllm)["body"]
    assert body["chat_template_kwargs"] == {"enable_thinking": False}


def test_a_prefix_goes_to_the_other_url_with_the_template_s_turn_before_it():
    prefix = request().model_copy(update={"messages": (), "user_prefix": "Write"})
    section = CHAT.model_copy(update={"user_turn": "<user>"})
    line = to_batch_request(prefix, "x", section)
    assert (line["url"], line["body"]["prompt"]) == ("/v1/completions", "<user>Write")
    with pytest.raises(ConfigError, match="user_turn"):
        to_batch_request(prefix, "x", CHAT)


def test_an_id_stays_with_the_request_it_was_given_to(tmp_path):
    exports = Exports(tmp_path)
    assert exports.add(request()) == ("solve/q/0", False)
    assert exports.add(request()) == ("solve/q/0", True)
    edited, again = exports.add(request(text="say it otherwise"))
    assert edited != "solve/q/0"
    assert not again
    raised, _ = exports.add(request(max_tokens=200))
    assert len({"solve/q/0", edited, raised}) == 3
    long, _ = exports.add(request(f"solve/{'q' * LONGEST_ID}/0"))
    assert len(long) <= LONGEST_ID
    assert exports.add(request(text="say it otherwise")) == (edited, True)
    assert exports.find("solve/q/0") == request()
    assert exports.find("solve/other/0") is None
    exports.close()


def test_a_model_set_up_otherwise_is_asked_under_another_id(tmp_path):
    setup = ["a"]
    exports = Exports(tmp_path, lambda _: setup[0])
    assert exports.add(request()) == ("solve/q/0", False)
    setup[0] = "b"
    other, again = exports.add(request())
    assert (other != "solve/q/0", again) == (True, False)
    assert exports.find("solve/q/0") is None
    assert exports.knows("solve/q/0")
    setup[0] = "a"
    assert exports.find(other) is None
    assert exports.add(request()) == ("solve/q/0", True)
    exports.close()


def test_files_hold_to_the_limits_and_to_one_model_and_url_each(tmp_path):
    def line(number, model="m", url="/a"):
        return {"custom_id": f"{number:03d}", "url": url, "body": {"model": model, "x": "y" * 50}}

    lines = (
        [line(n) for n in range(5)] + [line(n, "other") for n in range(5, 7)] + [line(7, url="/b")]
    )
    shards = Shards(tmp_path, "solve", most_requests=2)
    shards.write(lines)
    assert [path.name for path in shards.files] == [f"solve-{n:05d}.jsonl" for n in range(1, 6)]
    found = [[json.loads(raw) for raw in path.open()] for path in shards.files]
    assert sorted(len(lines) for lines in found) == [1, 1, 2, 2, 2]
    assert all(len({(one["url"], one["body"]["model"]) for one in lines}) == 1 for lines in found)
    assert sorted(one["custom_id"] for lines in found for one in lines) == [
        f"{n:03d}" for n in range(8)
    ]
    with pytest.raises(ConfigError, match="earlier export"):
        Shards(tmp_path, "solve").write(lines)
    small = Shards(tmp_path / "small", "solve", most_bytes=250)
    small.write(lines)
    assert all(path.stat().st_size <= 250 for path in small.files)
    with pytest.raises(ConfigError, match="001: a request of"):
        Shards(tmp_path / "none", "solve", most_bytes=20).write([line(1)])


def test_a_row_is_told_no_only_once_nothing_goes_on(tmp_path):
    async def main():
        exports = Exports(tmp_path)
        collector = Collector(exports)
        backend = collector.backend(CHAT)
        said = asyncio.Event()

        async def slow(solution, test, _scrutiny=None):
            await asyncio.sleep(0.05)
            said.set()

        async def row():
            running = asyncio.ensure_future(collector.watching(slow)("", ""))
            with pytest.raises(LLMUnanswered):
                await backend.complete(request("solve/q/0"))
            assert said.is_set()
            await running

        await row()
        assert collector.wanted == {"solve/q/0": "solve/q/0"}
        exports.close()

    asyncio.run(main())


# What comes back.


def body(text="hello", finish="stop", **usage):
    message = {"role": "assistant", "content": text}
    return {
        "id": "x",
        "model": "m-2026",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": usage,
    }


def result(custom_id, **fields):
    response = {"status_code": 200, "request_id": "r", "body": body()}
    return {"id": "b", "custom_id": custom_id, "response": response, "error": None} | fields


def failed_with(status, **error):
    response = {"status_code": status, "request_id": "r", "body": {"error": error}}
    return {"response": response}


@pytest.fixture
def run(tmp_path):
    """A run directory from which three requests were exported."""
    folder = tmp_path / "run"
    (folder / "completions").mkdir(parents=True)
    exports = Exports(folder / "batch")
    for name in "abc":
        exports.add(request(f"solve/{name}/0", text=name))
    exports.close()
    return folder


def stored(run, name, max_tokens=100):
    store = CompletionStore(run / "completions" / "completions.jsonl", read_only=True)
    found = store.find(request(f"solve/{name}/0", text=name, max_tokens=max_tokens))
    store.close()
    return found


def test_answers_are_stored_as_those_of_a_live_run(tmp_path, run):
    cut = {"response": {"status_code": 200, "body": body("cut", "length", prompt_tokens=3)}}
    results = jsonl(tmp_path / "r.jsonl", [result("solve/a/0"), result("solve/b/0", **cut)])
    found = import_batch(run, [results])
    assert (found.stored, found.truncated, found.failed, found.unknown) == (2, 1, {}, [])
    answer = stored(run, "a")
    assert (answer.request_id, answer.text, answer.model) == ("solve/a/0", "hello", "m-2026")
    assert stored(run, "b").prompt_tokens == 3
    assert stored(run, "b", max_tokens=200) is None
    size = (run / "completions" / "completions.jsonl").stat().st_size
    assert import_batch(run, [results]).known == 2
    assert (run / "completions" / "completions.jsonl").stat().st_size == size


def test_errors_are_counted_by_code_and_kept_and_nothing_is_stored_of_them(tmp_path, run):
    errors = [
        result("solve/a/0", response=None, error={"code": "batch_expired", "message": "late"}),
        result("solve/b/0", **failed_with(400, code="context_length_exceeded", message="long")),
        result("solve/c/0", **failed_with(500, message="broke")),
    ]
    files = [jsonl(tmp_path / "e.jsonl", errors)]
    found = import_batch(run, files)
    assert found.stored == 0
    assert found.errors == {"batch_expired": 1, "context_length_exceeded": 1, "http_500": 1}
    kept = [json.loads(raw) for raw in (run / "batch" / "errors.jsonl").open()]
    assert [line["custom_id"] for line in kept] == ["solve/a/0", "solve/b/0", "solve/c/0"]
    assert "late" in kept[0]["message"]
    assert all(stored(run, name) is None for name in "abc")
    # An answer of another file makes up for an error, whichever is read first.
    files += [jsonl(tmp_path / "r.jsonl", [result("solve/a/0")])]
    assert "solve/a/0" not in import_batch(run, files).failed
    assert "solve/a/0" not in import_batch(run, files).failed


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"response": {"status_code": 200, "body": body(finish="abort")}}, "abort"),
        ({"response": {"status_code": 200, "body": {"choices": []}}}, "broken_line"),
        ({"response": {"status_code": 429, "body": None}}, "http_429"),
        ({"response": None, "error": {"type": "server_error", "message": "m"}}, "server_error"),
        ({"response": None, "error": None}, "broken_line"),
    ],
)
def test_what_is_no_answer_is_none(tmp_path, run, line, code):
    results = jsonl(tmp_path / "r.jsonl", [result("solve/a/0", **line)])
    assert import_batch(run, [results]).errors == {code: 1}
    assert stored(run, "a") is None


def test_strangers_are_named(tmp_path, run):
    lines = [json.dumps(result("solve/x/0")), "{broken", json.dumps(result("solve/a/0"))]
    results = tmp_path / "r.jsonl"
    results.write_text("\n".join(lines) + "\n")
    found = import_batch(run, [results])
    assert found.stored == 1
    assert found.unknown[0] == "solve/x/0"
    assert "r.jsonl:2" in found.unknown[1]
    with pytest.raises(InputError, match="none of 1 lines"):
        import_batch(run, [jsonl(tmp_path / "s.jsonl", [result("solve/x/0")])])
    with pytest.raises(InputError, match="can't be read"):
        import_batch(run, [tmp_path / "nowhere.jsonl"])
    with pytest.raises(RunDirectoryError, match="nothing was exported"):
        import_batch(tmp_path / "other", [results])


# Rounds of a whole run.


def answered(files, server, output):
    """What a provider gives for input files: every line posted to a server by itself."""
    lines = []
    for raw in [raw for path in files for raw in path.open(encoding="utf-8")]:
        line = json.loads(raw)
        headers = {"Content-Type": "application/json", "X-Request-Id": quote(line["custom_id"])}
        url = server.url.removesuffix("/v1") + line["url"]
        posted = urllib.request.Request(url, json.dumps(line["body"]).encode(), headers)
        try:
            with urllib.request.urlopen(posted) as reply:
                status, content = reply.status, json.load(reply)
        except urllib.error.HTTPError as error:
            status, content = error.code, json.load(error)
        response = {"status_code": status, "request_id": "r", "body": content}
        lines.append({"custom_id": line["custom_id"], "response": response, "error": None})
    return jsonl(output, lines)


@pytest.mark.usefixtures("shared_ray")
def test_rounds_of_batches_make_what_a_live_build_makes(tmp_path):
    topics = ["apples in baskets", "badgers at night", "geysers erupting", "cedars in rows"]
    budget = {"probe": 2, "budget": {"easy": 2, "medium": 3, "hard": 4}}
    late = ["badgers"]

    def answers(content, name):
        asked = content["messages"][-1]["content"]
        if "badgers" in asked and late:
            late.clear()
            return Reply(500, {"error": {"message": "later"}})
        return BAD if "geysers" in asked or attempt_of(name) % 2 else GOOD

    for name in ("live", "batch"):
        (tmp_path / name).mkdir()
        questions = [{"question": f"Write `add` for {topic}."} for topic in topics]
        jsonl(tmp_path / name / "questions.jsonl", questions)
    with ReplayServer(answers) as server:
        live = pipeline_file(tmp_path / "live", server.url, solve=budget, sandbox=LIGHT)
        assert kodgen("build", live).returncode == 0
        late.append("badgers")
        file = pipeline_file(
            tmp_path / "batch", "http://127.0.0.1:9/v1", solve=budget, sandbox=LIGHT
        )
        run = tmp_path / "batch" / "runs" / "run"
        sizes = []
        for number in range(6):
            output = tmp_path / f"out{number}"
            exported = asyncio.run(export_batch(read_pipeline(file), run, output))
            sizes.append(exported.requests)
            if not exported.files:
                break
            results = answered(exported.files, server, tmp_path / f"results{number}.jsonl")
            found = import_batch(run, [results])
            assert found.stored + len(found.failed) == exported.requests
    # Two attempts each; then a third, of the hard one a fourth too, and the one that failed again.
    assert sizes[0] == 8
    assert sizes[-1] == 0
    assert len(sizes) <= 4
    done = kodgen("build", file)
    assert done.returncode == 0, done.stderr
    assert sealed_digests(run) == sealed_digests(tmp_path / "live" / "runs" / "run")


@pytest.mark.usefixtures("shared_ray")
def test_no_more_is_exported_than_a_target_asks_for(tmp_path):
    questions = [{"question": f"Write `add` for {n * 'very '}big numbers."} for n in range(150)]
    jsonl(tmp_path / "questions.jsonl", questions)
    changes = {"target": {"rows": 3}, "deduplicate": {"threshold": 1.0}}
    file = pipeline_file(tmp_path, "http://127.0.0.1:9/v1", **changes)
    run = tmp_path / "runs" / "run"
    exported = asyncio.run(export_batch(read_pipeline(file), run, tmp_path / "out"))
    assert 3 <= exported.requests < 150
    with ReplayServer(lambda body, name: GOOD) as server:
        results = answered(exported.files, server, tmp_path / "results.jsonl")
    import_batch(run, [results])
    assert not asyncio.run(export_batch(read_pipeline(file), run, tmp_path / "again")).files
