"""How many rows a second an audit without embeddings does, beside an 8-gram script.

    python tests/perf/audit_speed.py [ROWS]

Rows (20,000 unless told) are recorded trials and CodeAlpaca's instructions, again and again with
a variation each; benchmarks are HumanEval, MBPP and BigCodeBench. The script does what common ones
do: lower case, words between white space, and the set of a text's runs of eight words met with
the benchmarks' set, for question, solution and tests.

Told are, first, the CPU time of each of the four layers in one process, with the script in turns
on the same blocks of 1,000 rows; then by the clock, `kodgen audit` of the same rows as a user gets
it, reading a file and writing its own, in as many processes as there are cores. The script is
what it is: one process, and its rows are in memory.
"""

import asyncio
import gc
import itertools
import json
import os
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from kodgen.config import Benchmark
from kodgen.contamination.benchmarks.loading import load_benchmark
from kodgen.contamination.exact import ExactLayer
from kodgen.contamination.literals import LiteralsLayer
from kodgen.contamination.ngram import NgramLayer
from kodgen.contamination.row import FIELDS, AuditedRow
from kodgen.contamination.structure import StructureLayer
from kodgen.contamination.task import BenchmarkTask
from kodgen.engine.auditing.request import AuditRequest
from kodgen.engine.auditing.running import audit

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
FILES = {
    "humaneval": "humaneval/HumanEval.jsonl.gz",
    "mbpp": "mbpp/mbpp.jsonl",
    "bigcodebench": "bigcodebench/BigCodeBench.jsonl.gz",
}
BLOCK = 1_000


def tasks() -> list[BenchmarkTask]:
    return [
        task
        for name, path in FILES.items()
        for task in load_benchmark(Benchmark(name=name, path=Path(path)), SHARED / "benchmarks")
    ]


def rows(count: int) -> list[AuditedRow]:
    """So many rows, no two with one text."""
    sources = [*_recorded(), *_instructions()]
    return [
        AuditedRow(
            id=str(number),
            question=f"{question}\n\nVariant {number}.",
            solution=solution and f"{solution}\n\nVARIANT = {number}\n",
            tests=tests and f"{tests}\n\nVARIANT = {number}\n",
        )
        for number, (question, solution, tests) in zip(
            range(count), itertools.cycle(sources), strict=False
        )
    ]


def _recorded() -> Iterator[tuple[str, str | None, str | None]]:
    for path in sorted((SHARED / "recorded").glob("*/trials.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            trial = json.loads(line)
            yield trial["question"], trial.get("solution"), trial.get("test")


def _instructions() -> Iterator[tuple[str, str | None, str | None]]:
    text = (SHARED / "seeds" / "code_alpaca_2k.json").read_text(encoding="utf-8")
    # As many as there are trials, so that neither kind of row decides the result.
    for row in json.loads(text)[:600]:
        yield f"{row['instruction']}\n{row['input']}", row["output"], None


def eight_grams(text: str) -> set[tuple[str, ...]]:
    told = text.lower().split()
    return {tuple(told[start : start + 8]) for start in range(len(told) - 7)}


def meets(block: Sequence[AuditedRow], known: set[tuple[str, ...]]) -> int:
    """The script's work: rows that share eight words with a benchmark."""
    met = 0
    for row in block:
        shared = [eight_grams(getattr(row, field) or "") & known for field in FIELDS]
        met += any(shared)
    return met


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    benchmarks = tasks()
    audited = rows(count)
    known = set[tuple[str, ...]]()
    for task in benchmarks:
        for text in (*task.views.values(), task.solution or "", task.tests or ""):
            known |= eight_grams(text)
    layers: list[ExactLayer | NgramLayer | StructureLayer | LiteralsLayer] = []
    for kind in (ExactLayer, NgramLayer, StructureLayer, LiteralsLayer):
        clock = time.process_time()
        layers.append(kind(benchmarks))
        print(f"{kind.name} made in {time.process_time() - clock:.1f} s")
    # As an audit does before its first row: nothing of the indexes is garbage.
    gc.freeze()
    seconds: dict[str, float] = defaultdict(float)
    found: Counter[str] = Counter()
    for start in range(0, count, BLOCK):
        block = audited[start : start + BLOCK]
        clock = time.process_time()
        found["8-grams"] += meets(block, known)
        seconds["8-grams"] += time.process_time() - clock
        for layer in layers:
            clock = time.process_time()
            found[layer.name] += len({number for number, _ in layer.hits(block)})
            seconds[layer.name] += time.process_time() - clock
    ours = sum(seconds[layer.name] for layer in layers)
    for name, spent in seconds.items():
        each = 1e6 * spent / count
        print(f"{name}: {each:.0f} us a row, {count / spent:,.0f} rows/s, {found[name]} rows hit")
    print(
        f"four layers: {1e6 * ours / count:.0f} us a row, {count / ours:,.0f} rows/s; "
        f"by CPU time, in one process, {seconds['8-grams'] / ours:.2f} of the script's speed"
    )
    del layers
    by_clock(audited, known)
    print(f"load {os.getloadavg()[0]:.1f}")


def by_clock(audited: Sequence[AuditedRow], known: set[tuple[str, ...]]) -> None:
    """An audit as a user gets it, between two runs of the script."""
    spent = []
    for turn in range(3):
        if turn == 1:
            ours = audit_seconds(audited)
        else:
            clock = time.perf_counter()
            meets(audited, known)
            spent.append(time.perf_counter() - clock)
    script = sum(spent) / len(spent)
    count, cores = len(audited), len(os.sched_getaffinity(0))
    print(
        f"by the clock: kodgen audit in {cores} processes {count / ours:,.0f} rows/s, file to file; "
        f"the script in one {count / script:,.0f} rows/s, in memory: "
        f"{script / ours:.2f} of the script's speed"
    )


def audit_seconds(audited: Sequence[AuditedRow]) -> float:
    """Seconds from the first row read to the last one written."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = [
            json.dumps({"question": row.question, "solution": row.solution, "tests": row.tests})
            for row in audited
        ]
        (folder / "rows.jsonl").write_text("\n".join(lines), encoding="utf-8")
        request = AuditRequest(
            source=str(folder / "rows.jsonl"),
            benchmarks=tuple(
                f"{key}={SHARED / 'benchmarks' / path}" for key, path in FILES.items()
            ),
            output=folder / "audit",
            embedder="none",
            layers=("exact", "ngram", "structure", "literals"),
            self_test=False,
        )
        seconds = asyncio.run(audit(request)).measured["seconds"]
    return float(seconds["rows"])


if __name__ == "__main__":
    main()
