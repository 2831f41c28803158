"""How much running solutions near to a task adds to what a model's score finds, and what it costs.

    python tests/perf/trying.py --shared ../shared --model hashing

Rows with a solution are run against the tasks of HumanEval and of MBPP nearest to their questions:
clean instructions and recorded questions with the answers that came with them; paraphrases of
HumanEval with the code in them; our own paraphrases, and MBPP's rewordings, with the reference
solution rewritten. For each score from which rows might be tried, a line says how many of the rows
not to be reviewed are, what is run for them, how many pass, and what share is flagged in all.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from kodgen import config
from kodgen.contamination.benchmarks.loading import load_benchmark
from kodgen.contamination.compared import Compared
from kodgen.contamination.layers.embedding import MOST_NEAR
from kodgen.contamination.meaning.calibration import Calibration, calibration_of
from kodgen.contamination.meaning.meaning import Meaning
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.task import BenchmarkTask
from kodgen.engine.behaviour import Behaviours
from kodgen.similarity.embedding import open_embedder
from tests.contamination.paraphrases import HUMANEVAL, MBPP
from tests.contamination.rewriting import rewritten
from tests.perf.calibrate import Remembering, lines_of, paraphrases, rephrased, sanitized

SCORES = (0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.12, 0.1, 0.05, 0.0)
FILES = {"humaneval": "humaneval/HumanEval.jsonl.gz", "mbpp": "mbpp/mbpp.jsonl"}
AT_ONCE = 200
"""Rows between two looks at the clock."""


class Tried(NamedTuple):
    """A row with the nearest tasks of a benchmark, best first."""

    in_review: bool
    scores: list[float]
    """Nothing taken off."""
    said: list[Compared]


class Rows(NamedTuple):
    """Rows of one kind, and the benchmarks that they are tried with."""

    rows: list[AuditedRow]
    benchmarks: Sequence[str]


async def tried(
    rows: Sequence[AuditedRow],
    tasks: Sequence[BenchmarkTask],
    meaning: Meaning,
    calibration: Calibration,
    behaviours: Behaviours,
) -> list[Tried]:
    """Run each row against its nearest tasks, whatever their scores."""
    signals = meaning.compare([row.question for row in rows]).signals
    names = [task.benchmark for task in tasks]
    given, fitted = calibration.scores(signals), calibration.scores(signals, names)
    nearest = np.argsort(-given, axis=1, kind="stable")[:, :MOST_NEAR]
    found: list[Tried] = []
    for start in range(0, len(rows), AT_ONCE):
        part = range(start, min(start + AT_ONCE, len(rows)))
        pairs = [(rows[row], tasks[task]) for row in part for task in nearest[row].tolist()]
        said = iter(await behaviours.compare(pairs))
        found += [
            Tried(
                bool(fitted[row].max() >= calibration.review),
                given[row, nearest[row]].tolist(),
                [next(said) for _ in nearest[row]],
            )
            for row in part
        ]
    return found


def told(found: Sequence[Tried]) -> Iterator[str]:
    """A line for each score from which rows might be tried."""
    review = sum(one.in_review for one in found)
    for limit in SCORES:
        rows = pairs = full = 0
        for one in found:
            near = [
                said for score, said in zip(one.scores, one.said, strict=True) if score >= limit
            ]
            ran = [said for said in near if said.hit is not None or not said.unseen]
            if one.in_review or not near:
                continue
            rows += 1
            pairs += len(ran)
            full += any(said.hit is not None and said.hit.score == 1 for said in ran)
        yield (
            f"  from {limit:.2f}: {rows} more rows tried, {pairs} pairs run, {full} pass; with "
            f"{review} to review {review + full} of {len(found)} ({(review + full) / len(found):.1%})"
        )


def kinds(shared: Path, tasks: Mapping[str, Sequence[BenchmarkTask]]) -> dict[str, Rows]:
    """Clean rows, and leaks with a solution of their own."""
    alpaca = json.loads((shared / "seeds" / "code_alpaca_2k.json").read_text())
    recorded = {
        line["question"]: AuditedRow(f"{kind}{number}", line["question"], line["solution"])
        for kind in ("algorithm", "leetcode")
        for number, line in enumerate(lines_of(shared / "recorded" / kind / "trials.jsonl"))
        if line.get("solution")
    }
    by_id = {task.name: task for several in tasks.values() for task in several}
    return {
        "CodeAlpaca": Rows(
            [
                AuditedRow(
                    f"alpaca{number}",
                    f"{row['instruction']}\n{row.get('input') or ''}".strip(),
                    row["output"],
                )
                for number, row in enumerate(alpaca)
            ],
            tuple(FILES),
        ),
        "recorded": Rows(list(recorded.values()), tuple(FILES)),
        "rephrased HumanEval": Rows(
            [AuditedRow(f"rephrased{task}", text) for text, task in rephrased(shared)],
            ("humaneval",),
        ),
        "our paraphrases of HumanEval": Rows(
            [
                _solved(text, by_id[f"humaneval/HumanEval/{task}"])
                for text, task in paraphrases(HUMANEVAL)
            ],
            ("humaneval",),
        ),
        "our paraphrases of MBPP": Rows(
            [_solved(text, by_id[f"mbpp/{task}"]) for text, task in paraphrases(MBPP)], ("mbpp",)
        ),
        "MBPP as sanitized": Rows(
            [_solved(text, by_id[f"mbpp/{task}"]) for text, task in sanitized(shared)], ("mbpp",)
        ),
    }


def _solved(question: str, task: BenchmarkTask) -> AuditedRow:
    assert task.solution is not None
    assert task.entry_point is not None
    return AuditedRow(task.name, question, rewritten(task.solution, task.entry_point))


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", type=Path, required=True, help="folder with benchmarks, seeds")
    parser.add_argument("--model", required=True, help="name or folder of a model, or `hashing`")
    parser.add_argument("--cache", type=Path, help="file to keep vectors in")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    embedder = Remembering(open_embedder(options.model), options.cache)
    tasks = {
        name: load_benchmark(
            config.Benchmark(name=name, path=options.shared / "benchmarks" / file), Path()
        )
        for name, file in FILES.items()
    }
    meanings = {name: Meaning(several, embedder) for name, several in tasks.items()}
    given = calibration_of(embedder)
    calibrations = {
        name: given.fitted(meanings[name], [name] * len(several)) for name, several in tasks.items()
    }
    async with Behaviours(config.Sandbox(workers=options.workers)) as behaviours:
        for kind, rows in kinds(options.shared, tasks).items():
            for name in rows.benchmarks:
                began = time.monotonic()
                found = await tried(
                    rows.rows, tasks[name], meanings[name], calibrations[name], behaviours
                )
                seconds = time.monotonic() - began
                print(f"{kind} with {name}: {len(found)} rows in {seconds:.0f} s", flush=True)
                print("\n".join(told(found)), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
