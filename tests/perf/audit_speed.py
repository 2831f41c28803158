"""How many rows a second an audit without embeddings does, beside an 8-gram script.

    python tests/perf/audit_speed.py [ROWS]

Rows (20,000 unless told) are recorded trials and CodeAlpaca's instructions, again and again with
a variation each; benchmarks are HumanEval, MBPP and BigCodeBench. The script is `eight_grams.py`.

Told are, first, the CPU time of each of the four layers in one process, with the script in turns
on the same blocks of 1,000 rows; then by the clock, in turns again, both as whole commands: from a
file of rows to a file of results, what is made of the benchmarks included, and kodgen's self-test
left out, which is of nothing that the script does. kodgen takes as many processes as there are
cores; the script is what it is, one.
"""

import gc
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import eight_grams

from kodgen.config import Benchmark
from kodgen.contamination.benchmarks.loading import load_benchmark
from kodgen.contamination.layers.exact import ExactLayer
from kodgen.contamination.layers.literals import LiteralsLayer
from kodgen.contamination.layers.ngram import NgramLayer
from kodgen.contamination.layers.structure import StructureLayer
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.task import BenchmarkTask

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
FILES = {
    "humaneval": "humaneval/HumanEval.jsonl.gz",
    "mbpp": "mbpp/mbpp.jsonl",
    "bigcodebench": "bigcodebench/BigCodeBench.jsonl.gz",
}
BLOCK = 1_000
TURNS = 3


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


def told(row: AuditedRow) -> dict[str, str | None]:
    return {"question": row.question, "solution": row.solution, "tests": row.tests}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    benchmarks = tasks()
    audited = rows(count)
    known = eight_grams.known_grams(
        text
        for path in FILES.values()
        for text in eight_grams.texts_of(SHARED / "benchmarks" / path)
    )
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
        cells = [told(row) for row in block]
        clock = time.process_time()
        found["8-grams"] += sum(eight_grams.meets(row, known) for row in cells)
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
    by_clock(audited)
    print(f"load {os.getloadavg()[0]:.1f}")


def by_clock(audited: Sequence[AuditedRow]) -> None:
    """Both commands in turns."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = folder / "rows.jsonl"
        rows.write_text("\n".join(json.dumps(told(row)) for row in audited), encoding="utf-8")
        places = [f"{key}={SHARED / 'benchmarks' / path}" for key, path in FILES.items()]
        script = [eight_grams.__file__, str(rows), str(folder / "script.jsonl"), *places]
        command = ["-m", "kodgen", "audit", str(rows), "-o", str(folder / "audit")]
        command += [part for place in places for part in ("-b", place)]
        command += ["--embedder", "none", "--no-self-test"]
        seconds: dict[str, list[float]] = {"script": [], "audit": [], "its rows": []}
        for _ in range(TURNS):
            seconds["script"].append(_clocked(script))
            seconds["audit"].append(_clocked(command))
            report = json.loads((folder / "audit" / "report.json").read_text(encoding="utf-8"))
            seconds["its rows"].append(report["measured"]["seconds"]["rows"])
    best = {key: min(spent) for key, spent in seconds.items()}
    cores = len(os.sched_getaffinity(0))
    for key, spent in seconds.items():
        print(f"{key}: {', '.join(f'{one:.2f}' for one in spent)} s")
    print(
        f"by the clock, the best of {TURNS} turns, kodgen in {cores} processes: whole commands "
        f"{best['script'] / best['audit']:.2f} of the script's speed; "
        f"{len(audited) / best['its rows']:,.0f} rows/s once it is open, "
        f"{best['script'] / best['its rows']:.2f} of all that the script does"
    )


def _clocked(command: Sequence[str]) -> float:
    clock = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    return time.perf_counter() - clock


if __name__ == "__main__":
    main()
