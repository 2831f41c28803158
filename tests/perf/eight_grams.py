"""The kind of script that datasets are commonly checked with: any eight words shared.

    python tests/perf/eight_grams.py ROWS.jsonl OUT.jsonl BENCHMARK=PATH …

Lower case, words between white space, and the set of a text's runs of eight words met with that
of all texts of the benchmarks. One process; what it finds is written row by row.
"""

import gzip
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

FIELDS = ("question", "solution", "tests")
COLUMNS = (
    *("prompt", "text", "complete_prompt", "instruct_prompt"),
    *("canonical_solution", "code", "test", "test_list"),
)
"""Columns of HumanEval, MBPP and BigCodeBench that hold texts."""

Grams = set[tuple[str, ...]]


def eight_grams(text: str) -> Grams:
    told = text.lower().split()
    return {tuple(told[start : start + 8]) for start in range(len(told) - 7)}


def known_grams(texts: Iterable[str]) -> Grams:
    return {gram for text in texts for gram in eight_grams(text)}


def meets(row: Mapping[str, Any], known: Grams) -> bool:
    return any(eight_grams(row.get(field) or "") & known for field in FIELDS)


def objects(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        for line in file:
            yield json.loads(line)


def texts_of(path: Path) -> Iterator[str]:
    for task in objects(path):
        for column in COLUMNS:
            value = task.get(column) or ""
            yield value if isinstance(value, str) else "\n".join(value)


def main() -> None:
    rows, out, *benchmarks = sys.argv[1:]
    known = known_grams(
        text for place in benchmarks for text in texts_of(Path(place.partition("=")[2]))
    )
    with Path(out).open("w", encoding="utf-8") as file:
        file.writelines(
            json.dumps({"row": number, "shares": meets(row, known)}) + "\n"
            for number, row in enumerate(objects(Path(rows)))
        )


if __name__ == "__main__":
    main()
