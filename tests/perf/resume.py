"""How long a big run takes to resume, with its indexes and without, and in how much memory.

    python tests/perf/resume.py --trials 1000000

Writes a run's completions and solve journal through the store itself, as a run does (about 11 GB
for a million trials, deleted at the end), then opens them in fresh processes: everything opened,
all rows walked, the open ones found and their stored answers looked up. First as a SIGKILL left
it all, then with the indexes whole, then with none.
"""

import argparse
import asyncio
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from kodgen.config import Sampling
from kodgen.engine.progress import Progress
from kodgen.engine.rows import run_rows
from kodgen.engine.stopping import Stop, StoppedEarly
from kodgen.engine.store.completions import CompletionStore
from kodgen.engine.store.journal import Journal
from kodgen.engine.store.tables import ParquetSink, arrow_schema, read_records
from kodgen.engine.tools import stage_key, stage_note
from kodgen.llm.protocol import Completion, Message, Request
from kodgen.records import (
    Question,
    TestResult,
    Trial,
    Triplet,
    Verdict,
    content_hash,
    request_id,
    trial_id,
)
from kodgen.stages.base import Outcome, RowStage, Tools

OPEN_EVERY = 1000
"""Every so manieth row is left open, with all its answers but the last verdict."""
SOLUTION = (
    "def solve(values):\n    total = 0\n    for value in values:\n        total += value\n" * 12
)
TEST = 'def test_it():\n    assert solve([1, 2]) == 3, "sum"\n    assert solve([]) == 0\n' * 15
TEXT = f"<solution>\n```python\n{SOLUTION}```\n</solution>\n<tests>\n```python\n{TEST}```\n</tests>"
REASONING = "Let me think about what the function should return for an empty list. " * 35
SAMPLING = Sampling(max_tokens=4096)
VERDICT = Verdict(
    outcome="passed",
    reason="",
    tests=tuple(TestResult(name=f"test_{n}", outcome="passed") for n in range(6)),
    coverage=98.5,
    isolation="namespaces",
    environment="0123456789abcdef",
)


def question(number: int) -> Question:
    """One question of the run."""
    return Question(
        id=f"question:A/snippet/{number:012x}/0",
        subset="A",
        text=f"Question {number}. " + "Write a function that adds up the numbers of a list. " * 15,
        seed_ids=(f"seed:s/{number:012x}",),
        licenses=("MIT",),
        method="snippet",
        model="some/model",
        prompt_version="0123456789ab",
    )


def request(row: Question, attempt: int) -> Request:
    """One attempt's request."""
    return Request(
        id=request_id("solve", row.id, attempt),
        model="some/model",
        messages=(Message(role="user", content=row.text),),
        sampling=SAMPLING,
        seed=attempt,
    )


def triplet(row: Question, attempts: int) -> Triplet:
    """What a row ends in."""
    return Triplet(
        id=row.id,
        question_id=row.id,
        subset=row.subset,
        style=row.style,
        question=row.text,
        solution=SOLUTION,
        test=TEST,
        test_info=(),
        chosen_trial=trial_id(row.id, attempts - 1),
        pass_sequence=(0,) * (attempts - 1) + (1,),
        difficulty="easy",
        coverage=98.5,
        isolation="namespaces",
        flags=(),
        seed_ids=row.seed_ids,
        licenses=row.licenses,
        method=row.method,
        question_model=row.model,
        question_prompt_version=row.prompt_version,
        solution_model="some/model",
        solution_prompt_version="0123456789ab",
        benchmark_similarity=None,
        benchmark_task_id=None,
    )


def trials_of(trials: int) -> Iterator[tuple[int, int]]:
    """Number and trials of each row, so that the trials add up."""
    done = row = 0
    while done < trials:
        count = min(1 + (row * 7) % 6 - (row % 3 == 0), trials - done) or 1
        yield row, count
        done += count
        row += 1


def write(folder: Path, trials: int) -> None:
    """A run's files, in the way a run writes them; says what memory it had on the way."""
    store = CompletionStore(folder / "completions.jsonl")
    journal = Journal(folder / "journal.jsonl", stage_key, stage_note)
    sink = ParquetSink(folder / "kept.parquet", arrow_schema(Question))
    begun, cpu, done, shown = time.perf_counter(), time.process_time(), 0, 0
    for number, count in trials_of(trials):
        row = question(number)
        sink.add(row.model_dump(mode="json"))
        made = []
        is_open = number % OPEN_EVERY == 0
        for attempt in range(count):
            asked = request(row, attempt)
            answer = Completion(
                request_id=asked.id,
                model="some/model",
                text=f"# {asked.id}\n{TEXT}",
                reasoning=REASONING,
                finish_reason="stop",
                prompt_tokens=600,
                completion_tokens=1500,
            )
            store.add(asked, answer, 2.0)
            trial = trial_id(row.id, attempt)
            if not (is_open and attempt == count - 1):
                verdict = VERDICT.model_dump(mode="json")
                code = content_hash(trial, length=32)
                journal.append({"verdict_of": trial, "code": code, "verdict": verdict})
            made.append(
                Trial(
                    id=trial,
                    question_id=row.id,
                    attempt=attempt,
                    solution=SOLUTION,
                    test=TEST,
                    completion_id=asked.id,
                    model="some/model",
                    prompt_version="0123456789ab",
                    prompt_tokens=600,
                    completion_tokens=1500,
                    verdict=VERDICT,
                ).model_dump(mode="json")
            )
        if not is_open:
            kept = [triplet(row, count).model_dump(mode="json")]
            outcome = {"kept": kept, "rejected": [], "trials": made}
            journal.append({"row": row.id, "made_by": made_by(row), "outcome": outcome})
        done += count
        if done >= shown + trials / 5:
            shown = done
            print(f"  {done:>9,} trials written, memory now {resident() >> 20} MiB", flush=True)
    sink.close()
    wall, spent = time.perf_counter() - begun, time.process_time() - cpu
    print(
        f"  {wall:.0f} s, {spent / trials * 1e3:.2f} ms of CPU per trial, records made included",
        flush=True,
    )


def made_by(row: Question) -> str:
    """What a row is keyed by, besides its id; as costly as a build's."""
    return content_hash("solve", row.model_dump_json(), length=24)


class OpenRows(RowStage[Question, Triplet]):
    """Stands for the solve stage: counts open rows, looks their first answer up, and ends."""

    name = "solve"
    version = 1
    consumes = Question
    produces = Triplet

    def __init__(self, store: CompletionStore) -> None:
        self.open = self.answers = 0
        self._store = store

    async def process(self, row: Question, tools: Tools) -> Outcome[Triplet]:
        """Leave the row open."""
        self.open += 1
        self.answers += self._store.find(request(row, 0)) is not None
        raise StoppedEarly("measured")


def resident() -> int:
    """Bytes of this process that are in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def resume(folder: Path) -> None:
    """Open everything, walk all rows, find the open ones and look their answers up."""
    begun, cpu = time.perf_counter(), time.process_time()
    store = CompletionStore(folder / "completions.jsonl")
    journal = Journal(folder / "journal.jsonl", stage_key, stage_note)
    opened = time.perf_counter()
    stage = OpenRows(store)
    with Progress("solve", None, store.spent["solve"]) as progress:
        rows = read_records(folder / "kept.parquet", Question)
        tools: Any = SimpleNamespace(rows_wait=False)
        loop = run_rows(stage, rows, tools, journal, progress, 4096, made_by=made_by, stop=Stop())
        asyncio.run(loop)
    walked = time.perf_counter()
    spent = store.spent["solve"]
    print(
        json.dumps(
            {
                "open_seconds": round(opened - begun, 2),
                "walk_seconds": round(walked - opened, 2),
                "cpu_seconds": round(time.process_time() - cpu, 2),
                "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
                "rows_done": progress.accepted,
                "rows_open": stage.open,
                "answers_found": stage.answers,
                "answers": spent.answers,
                "completion_tokens": spent.completion,
            }
        ),
        flush=True,
    )
    store.close()
    journal.close()


def main() -> None:
    """Write, then resume three times."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, help="where to write; the temporary one if left out")
    parser.add_argument("--step", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step is not None:
        folder = Path(arguments.step[1])
        if arguments.step[0] == "resume":
            resume(folder)
        else:
            write(folder, arguments.trials)
            os.kill(os.getpid(), signal.SIGKILL)
        return
    if (
        shutil.disk_usage(arguments.folder or tempfile.gettempdir()).free
        < arguments.trials * 14_000
    ):
        sys.exit("not enough space: give another --folder, or fewer --trials")
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        step(folder, "write", "--trials", str(arguments.trials))
        indexes = [folder / f"{stem}.jsonl.index" for stem in ("completions", "journal")]
        total = sum(path.stat().st_size for path in folder.glob("*.jsonl"))
        held = sum(path.stat().st_size for path in indexes)
        print(f"  {total / 1e9:.2f} GB of lines, {held / 1e6:.0f} MB of indexes")
        print("as a SIGKILL left it", flush=True)
        step(folder, "resume")
        print("with the indexes whole", flush=True)
        step(folder, "resume")
        for path in folder.glob("*.index*"):
            path.unlink()
        print("without any index", flush=True)
        step(folder, "resume")


def step(folder: Path, name: str, *more: str) -> None:
    """Run one step in a process of its own."""
    command = [sys.executable, __file__, *more, "--step", name, str(folder)]
    code = subprocess.run(command, check=False).returncode
    if code not in (0, -signal.SIGKILL):
        sys.exit(f"{name} ended with {code}")


if __name__ == "__main__":
    main()
