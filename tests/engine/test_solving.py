"""The solve stage in the engine's loop: the same outcomes whatever runs ahead, nothing lost."""

import asyncio
import hashlib
import io
import json

import pytest

from kodgen.config import OpenAILLM, Pipeline
from kodgen.engine.asking.asker import Asker
from kodgen.engine.asking.endpoint import Endpoint
from kodgen.engine.progress import Progress
from kodgen.engine.rows import run_rows
from kodgen.engine.stopping import Stop
from kodgen.engine.store.completions import CompletionStore
from kodgen.engine.store.journal import Journal
from kodgen.engine.tools import StageTools, row_key, stage_key, stage_note
from kodgen.errors import Interrupted
from kodgen.prompts import Prompt
from kodgen.records import Verdict
from kodgen.stages.solve import SolveStage
from tests.building import answer, question
from tests.engine.test_rows import Model

TEST = "def test_add():\n    assert add(1, 2) == 3\n"


class Solver(Model):
    """Writes code that names its attempt; one in three passes."""

    async def complete(self, request):
        said = await super().complete(request)
        passes = hashlib.sha256(request.id.encode()).digest()[0] % 3 == 0
        code = f"def add(a, b):\n    return a {'+' if passes else '-'} b  # {request.id}\n"
        return said.model_copy(update={"text": answer(code, TEST)})


async def judged(solution, test, _scrutiny=None):
    """Passes what adds."""
    for _ in range(len(solution) % 7):
        await asyncio.sleep(0)
    outcome = "passed" if "a + b" in solution else "failed"
    return Verdict(outcome=outcome, reason="", isolation="namespaces")


def solve(folder, model, *, speculate, room=6, window=100, stop=None):
    """Solve 15 questions in a folder; the journal's line of each."""
    folder.mkdir(exist_ok=True)
    section = OpenAILLM(backend="openai", model="m", base_url="http://127.0.0.1:1/v1", retries=0)
    subset = {"name": "A", "method": "given", "seeds": {"path": "q.jsonl"}}
    pipeline = Pipeline.model_validate({"name": "t", "llm": section, "subsets": [subset]})
    rows = [question(f"q{number}") for number in range(15)]

    async def main():
        stopping = stop or Stop()
        store = CompletionStore(folder / "completions.jsonl")
        asker = Asker([Endpoint(model, room, adaptive=False)], section, store, stopping)
        journal = Journal(folder / "journal.jsonl", stage_key, stage_note)
        tools = StageTools(asker, judged, journal, speculate=speculate)
        progress = Progress("solve", len(rows), stream=io.StringIO())
        try:
            await run_rows(
                SolveStage(pipeline, Prompt("{{ question }}")), rows, tools, journal, progress,
                window, made_by=lambda row: "v", stop=stopping,
            )  # fmt: skip
            return {row.id: journal.get(row_key(row.id, "v")) for row in rows}
        finally:
            await asker.close()
            journal.close()
            store.close()

    return asyncio.run(main())


def outcomes(lines):
    return {row: line["outcome"] for row, line in lines.items()}


def test_tries_ahead_change_no_outcome_and_are_marked(tmp_path):
    plain = solve(tmp_path / "plain", Solver(), speculate=1)
    assert not any("surplus" in line for line in plain.values())
    surplus = 0
    for seed, room in enumerate((3, 20, 200)):
        folder = tmp_path / str(seed)
        model = Solver(slowest=40, seed=seed)
        lines = solve(folder, model, speculate=8, room=room)
        assert outcomes(lines) == outcomes(plain)
        surplus += sum(len(line.get("surplus", ())) for line in lines.values())
        assert len(model.asked) == len(set(model.asked))
    assert surplus > 0


def test_nothing_is_tried_ahead_while_rows_wait_to_be_begun(tmp_path):
    plain = Solver()
    solve(tmp_path / "plain", plain, speculate=1)
    needed = set(plain.asked)
    model = Solver(slowest=5, seed=3)
    solve(tmp_path / "ahead", model, speculate=8, room=200, window=2)
    begun_last = max(model.asked.index(f"solve/q{number}/0") for number in range(15))
    assert set(model.asked[:begun_last]) <= needed
    assert set(model.asked) >= needed


def test_fresh_questions_go_before_retries(tmp_path):
    model = Solver(slowest=3)
    solve(tmp_path, model, speculate=1, room=1)
    attempts = [int(asked.rsplit("/", 1)[-1]) for asked in model.asked[:45]]
    assert attempts == [0] * 15 + [1] * 15 + [2] * 15


@pytest.mark.parametrize("after", [1, 10, 30, 60])
def test_a_stopped_run_goes_on_where_it_was(tmp_path, after):
    plain = Solver()
    wanted = outcomes(solve(tmp_path / "plain", plain, speculate=1))
    stop = Stop()

    class Stopping(Solver):
        async def complete(self, request):
            if len(self.asked) == after:
                stop.request(Interrupted("to end"))
            return await super().complete(request)

    first, again = Stopping(slowest=9, seed=after), Solver(slowest=9, seed=after)
    with pytest.raises(Interrupted):
        solve(tmp_path / "run", first, speculate=4, room=8, stop=stop)
    lines = solve(tmp_path / "run", again, speculate=1)
    assert outcomes(lines) == wanted
    # What was answered is stored, and asked by nobody again.
    stored = [json.loads(line) for line in (tmp_path / "run" / "completions.jsonl").open()]
    assert not set(first.asked) & set(again.asked)
    assert {line["custom_id"] for line in stored} == set(first.asked) | set(again.asked)
