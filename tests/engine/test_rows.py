"""The loop over rows: each once, in a bounded window, recalled by what made it, stopped cleanly."""

import asyncio
import io
import json
import random

import pytest

from kodgen.config import OpenAILLM, Sampling, Target
from kodgen.engine.asking.asker import Asker
from kodgen.engine.asking.endpoint import Endpoint
from kodgen.engine.progress import Progress
from kodgen.engine.rows import parsed_outcome, run_rows
from kodgen.engine.stopping import Stop
from kodgen.engine.store.completions import CompletionStore
from kodgen.engine.store.journal import Journal
from kodgen.engine.tools import StageTools, row_key, stage_key, stage_note
from kodgen.errors import Interrupted, LLMUnanswered
from kodgen.llm.protocol import Completion, Message, Request
from kodgen.records import Question, Trial, Verdict
from kodgen.stages.base import Outcome, RowStage
from tests import specimens
from tests.building import question


class Model:
    """Answers every request with its own id, after as many turns of the loop as a seed says."""

    name, can_prefill, most_together = "model", False, 1

    def __init__(self, slowest=0, seed=0, most_together=1):
        self.asked, self.groups = [], []
        self.in_flight = self.most_in_flight = 0
        self.unanswered = set()
        self.most_together = most_together
        self._slowest = slowest
        self._chance = random.Random(seed)

    async def start(self):
        pass

    async def complete(self, request):
        self.asked.append(request.id)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        for _ in range(self._chance.randint(0, self._slowest)):
            await asyncio.sleep(0)
        self.in_flight -= 1
        if request.id in self.unanswered:
            raise LLMUnanswered(f"nothing for {request.id}")
        return Completion(request_id=request.id, model="m", text=request.id, finish_reason="stop")

    async def complete_together(self, requests):
        self.groups.append([request.id for request in requests])
        return [await self.complete(request) for request in requests]

    async def close(self):
        pass


def request(row, attempt=0):
    return Request(
        id=f"say/{row}/{attempt}",
        model="m",
        messages=(Message(role="user", content=row),),
        sampling=Sampling(),
        seed=attempt,
    )


class Say(RowStage[Question, Question]):
    """Keeps every question, its text what the model said."""

    name, version = "say", 1
    consumes = produces = Question

    def __init__(self, on_row=lambda row: None):
        self.on_row = on_row
        self.open = self.most_open = 0

    async def process(self, row, tools):
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            self.on_row(row)
            answer = await tools.complete(request(row.id))
            return Outcome(kept=(row.model_copy(update={"text": answer.text}),))
        finally:
            self.open -= 1


async def nothing_runs(solution, test, _scrutiny=None):
    raise AssertionError("no code is run here")


def loop(folder, stage, rows, model, window=10_000, *, made="v1", stop=None, **options):
    """One run of the loop in a folder; unanswered rows, the journal's outcomes and progress."""
    section = OpenAILLM(backend="openai", model="m", base_url="http://127.0.0.1:1/v1", retries=0)
    folder.mkdir(exist_ok=True)

    async def main():
        stopping = stop or Stop()
        store = CompletionStore(folder / "completions.jsonl")
        asker = Asker([Endpoint(model, 4, adaptive=False)], section, store, stopping)
        journal = Journal(folder / "journal.jsonl", stage_key, stage_note)
        progress = Progress("say", len(rows), stream=io.StringIO())
        tools = StageTools(asker, nothing_runs, journal)
        made_by = made if callable(made) else lambda row: made
        try:
            unanswered = await run_rows(
                stage, rows, tools, journal, progress, window,
                made_by=made_by, stop=stopping, **options,
            )  # fmt: skip
            assert len(asyncio.all_tasks()) == 1, "something was left under way"
            assert not tools.rows_wait
            lines = {row.id: journal.get(row_key(row.id, made_by(row))) for row in rows}
            return unanswered, lines, progress
        finally:
            await asker.close()
            journal.close()
            store.close()

    return asyncio.run(main())


def rows_named(count):
    return [question(f"q{number}") for number in range(count)]


@pytest.mark.parametrize("window", [1, 7, 500])
def test_every_row_is_journalled_once_in_a_bounded_window(tmp_path, window):
    stage, model = Say(), Model(slowest=5)
    unanswered, lines, progress = loop(tmp_path, stage, rows_named(300), model, window)
    assert unanswered == {}
    assert stage.most_open <= window
    assert len(model.asked) == 300
    kept = [parsed_outcome(line, Question).kept[0].text for line in lines.values()]
    assert kept == [f"say/q{number}/0" for number in range(300)]
    assert (progress.done, progress.accepted) == (300, 300)


def test_what_is_done_is_recalled_and_what_is_made_otherwise_is_not(tmp_path):
    rows = rows_named(20)
    loop(tmp_path, Say(), rows[:12], Model(), made="v1")
    model, begun = Model(), []
    _, _, progress = loop(tmp_path, Say(lambda row: begun.append(row.id)), rows, model, made="v1")
    assert begun == [f"q{number}" for number in range(12, 20)]
    assert progress.done == 20
    # An edit that only some rows depend on; their answers are stored, so nothing is asked.
    begun.clear()
    edited = lambda row: "v2" if row.id in {"q3", "q5"} else "v1"  # noqa: E731
    again = Model()
    loop(tmp_path, Say(lambda row: begun.append(row.id)), rows, again, made=edited)
    assert begun == ["q3", "q5"]
    assert again.asked == []
    # An edit undone finds everything as it was.
    begun.clear()
    loop(tmp_path, Say(lambda row: begun.append(row.id)), rows, again, made="v1")
    assert begun == []


def test_rows_without_an_answer_stay_open_or_are_dropped_for_good(tmp_path):
    model = Model()
    model.unanswered = {"say/q1/0"}
    unanswered, lines, _ = loop(tmp_path, Say(), rows_named(3), model)
    assert list(unanswered) == ["q1"]
    assert lines["q1"] is None
    unanswered, lines, _ = loop(tmp_path, Say(), rows_named(3), model, drop_unanswered=True)
    assert unanswered == {}
    (rejected,) = parsed_outcome(lines["q1"], Question).rejected
    assert rejected.reason == "llm_unanswered"


def test_a_stop_lets_what_is_under_way_end_and_begins_nothing(tmp_path):
    stop, model, begun = Stop(), Model(slowest=30), []

    def on_row(row):
        begun.append(row.id)
        if len(begun) == 20:
            stop.request(Interrupted("to end"))

    with pytest.raises(Interrupted, match="to end"):
        loop(tmp_path, Say(on_row), rows_named(1000), model, 20, stop=stop)
    assert len(begun) <= 64
    journalled = [json.loads(line) for line in (tmp_path / "journal.jsonl").open()]
    stored = (tmp_path / "completions.jsonl").read_text().splitlines()
    assert len(stored) == len(model.asked) < 20
    assert len(journalled) == len(stored)
    again = Model()
    loop(tmp_path, Say(), rows_named(1000), again)
    assert len(again.asked) + len(model.asked) == 1000


def test_a_bug_in_the_stage_is_raised_and_names_its_row(tmp_path):
    def on_row(row):
        if row.id == "q5":
            raise ZeroDivisionError

    stage = Say(on_row)
    with pytest.raises(ZeroDivisionError) as raised:
        loop(tmp_path, stage, rows_named(50), Model(slowest=20), 10)
    assert raised.value.__notes__ == ["while say worked on q5"]
    assert stage.open == 0


def test_cancelling_leaves_nothing_under_way_and_what_is_done_is_kept(tmp_path):
    stage = Say()

    def on_row(row):
        if row.id == "q30":
            asyncio.get_running_loop().call_soon(main_task().cancel)

    def main_task():
        (main,) = [
            task for task in asyncio.all_tasks() if task.get_coro().__qualname__.endswith("main")
        ]
        return main

    stage.on_row = on_row
    with pytest.raises(asyncio.CancelledError):
        loop(tmp_path, stage, rows_named(200), Model(slowest=3), 8)
    assert stage.open == 0
    model = Model()
    loop(tmp_path, Say(), rows_named(200), model)
    assert 0 < len(model.asked) < 200


class Graded(RowStage[Question, Question]):
    """Keeps every question as one of a difficulty that its name says."""

    name, version = "say", 1
    consumes = produces = Question

    async def process(self, row, tools):
        answer = await tools.complete(request(row.id))
        return Outcome(kept=(GradedRow(row, answer.text),))


class GradedRow:
    """A row with a subset and a difficulty, as the solve stage makes them."""

    def __init__(self, row, text):
        self._row = {"id": row.id, "subset": row.subset, "difficulty": _grade(row), "text": text}

    def model_dump(self, mode):
        return self._row


def _grade(row):
    return ("easy", "medium", "hard")[int(row.id[1:]) % 3]


def test_a_target_begins_no_more_rows_than_it_seems_to_need(tmp_path):
    target = Target(rows=30, per_difficulty={"easy": 10, "medium": 10, "hard": 10})
    model = Model(slowest=10)
    rows = rows_named(5000)
    unanswered, lines, _ = loop(tmp_path, Graded(), rows, model, target=target)
    assert unanswered == {}
    assert all(lines[row.id] is not None for row in rows[:30])
    assert 30 <= len(model.asked) <= 120
    # A second run has all it needs.
    again = Model()
    loop(tmp_path, Graded(), rows, again, target=target)
    assert again.asked == []


def test_surplus_is_journalled_and_part_of_no_outcome(tmp_path):
    turned = Verdict(outcome="error", reason="x", isolation="not_run")
    trial = specimens.trial("q0", 3, solution=None, test=None, verdict=turned)

    class WithSurplus(Say):
        async def process(self, row, tools):
            return Outcome(kept=(row,), surplus=(trial,))

    _, lines, _ = loop(tmp_path, WithSurplus(), rows_named(1), Model())
    (surplus,) = lines["q0"]["surplus"]
    assert Trial.model_validate(surplus) == trial
    assert parsed_outcome(lines["q0"], Question).surplus == ()


def test_samples_asked_for_together_go_in_one_request(tmp_path):
    class Several(Say):
        async def process(self, row, tools):
            asked = tools.complete_together([request(row.id, attempt) for attempt in range(3)])
            texts = await asyncio.gather(*asked)
            said = " ".join(answer.text for answer in texts)
            return Outcome(kept=(row.model_copy(update={"text": said}),))

    model = Model(most_together=8)
    _, lines, _ = loop(tmp_path, Several(), rows_named(2), model)
    assert model.groups == [[f"say/{q}/{n}" for n in range(3)] for q in ("q0", "q1")]
    assert parsed_outcome(lines["q1"], Question).kept[0].text == "say/q1/0 say/q1/1 say/q1/2"
    single = Model()
    loop(tmp_path / "other", Several(), rows_named(2), single)
    assert single.groups == []
    assert len(single.asked) == 6
