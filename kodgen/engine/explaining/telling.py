"""The life of one row in words, for a terminal."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kodgen.engine.explaining.looking import Passage

INDENT = "    "
EXCERPT = 12
"""Lines of a text that are shown, unless all are asked for."""
DIGITS = 3

Row = Mapping[str, Any]


def life_lines(question: str, passages: Sequence[Passage], *, whole: bool = False) -> list[str]:
    """Every stage's part in a question's life, in order.

    Args:
        question: Its id.
        passages: What the stages did with it.
        whole: Show texts whole, not their first lines alone.
    """
    lines = [question]
    for passage in passages:
        if passage.kept or passage.rejected or passage.trials:
            told = _Telling(passage, whole=whole)
            lines += ["", *told.lines()]
    return lines


class _Telling:
    def __init__(self, passage: Passage, *, whole: bool) -> None:
        self._passage = passage
        self._whole = whole

    def lines(self) -> Iterator[str]:
        passage = self._passage
        yield f"{passage.stage}: {self._fate()}"
        yield from self._trials()
        for row in passage.kept:
            yield from self._kept(row)
        for row in passage.rejected:
            yield f"  rejected {row['id']}: {row['reason']}"
            yield from self._text(row["evidence"])
            if not passage.kept and not passage.trials:
                yield from self._rejected(json.loads(row["row"]))

    def _fate(self) -> str:
        kept, rejected = len(self._passage.kept), len(self._passage.rejected)
        if kept + rejected == 1:
            return "kept" if kept else "rejected"
        parts = [f"{kept} kept"] * bool(kept) + [f"{rejected} rejected"] * bool(rejected)
        return ", ".join(parts)

    def _kept(self, row: Row) -> Iterator[str]:
        if "seeds" in row:
            yield from self._draw(row)
        elif "criterion" in row:
            yield (
                f"  {row['id']}: {row['chosen_id']} rather than {row['rejected_id']}, margin "
                f"{row['margin']:.{DIGITS}g}"
            )
        elif "answer" in row:
            yield f"  {row['id']}: {self._verdict(row['verdict'], row['id'])}"
            yield f"  by {row['model']}, {_tokens(row)}"
            yield from self._text(row["answer"])
        elif "solution" in row:
            yield from self._triplet(row)
        else:
            yield from self._question(row)

    def _draw(self, row: Row) -> Iterator[str]:
        yield f"  subset {row['subset']}, method {row['method']}"
        for seed in row["seeds"]:
            yield f"  {seed['id']}: {seed['origin']}, licence {seed['license']}"
            yield from self._text(seed["text"])

    def _question(self, row: Row) -> Iterator[str]:
        if self._passage.stage in {"synthesize", "restyle"}:
            yield f"  by {row['model']}, prompt {row['prompt_version']}"
            yield from self._text(row["text"])
        if row.get("benchmark_similarity") is not None:
            yield (
                f"  nearest benchmark task {row['benchmark_task_id']}, cosine "
                f"{row['benchmark_similarity']:.{DIGITS}f}"
            )
        if row.get("annotation"):
            tags = row["annotation"]
            yield f"  {tags['quality']}, {tags['category']}, {tags['language']}"

    def _triplet(self, row: Row) -> Iterator[str]:
        stage = self._passage.stage
        if stage == "solve":
            passes = "".join(map(str, row["pass_sequence"]))
            yield f"  {row['difficulty']}, passes {passes}; chosen {row['chosen_trial']}"
            for name in ("solution", "test"):
                yield f"  {name}"
                yield from self._text(row[name])
        elif stage == "crosscheck" and row["crosscheck"] is not None:
            yield from self._crosscheck(row)
        elif stage == "mutate" and row["strength"] is not None:
            yield from self._strength(row["strength"])
        elif stage == "restyle" and row["style"] == "complete":
            yield f"  {row['id']}, by {row['restyle_model']}"
            yield from self._text(row["question"])
        if row["flags"] and stage in {"solve", "crosscheck"}:
            yield f"  flags: {', '.join(row['flags'])}"

    def _crosscheck(self, row: Row) -> Iterator[str]:
        found = row["crosscheck"]
        dropped = [one["name"] for one in found["tests"] if one["dropped"]]
        yield (
            f"  {len(found['solutions'])} solutions against {len(found['tests'])} tests, "
            f"{found['camps']} camps; {row['consensus_difficulty']} by consensus"
        )
        for one in found["solutions"]:
            chosen = ", chosen" if one["trial"] == row["chosen_trial"] else ""
            said = "".join("-" if cell is None else str(cell) for cell in one["passed"])
            yield f"{INDENT}{one['trial']}: {one['score']:.{DIGITS}f}  {said}{chosen}"
        if dropped:
            yield f"  tests dropped: {', '.join(dropped)}"

    def _strength(self, found: Row) -> Iterator[str]:
        score = "no score" if found["score"] is None else f"score {found['score']:.2f}"
        yield (
            f"  {score}: {found['killed']} mutants noticed, {len(found['survived'])} not, "
            f"{found['indistinct']} that give the same outputs"
        )
        for mutant in found["survived"]:
            changed = f"{mutant['original']!r} as {mutant['mutated']!r}"
            yield f"{INDENT}line {mutant['line']}, {mutant['operator']}: {changed}"

    def _trials(self) -> Iterator[str]:
        for trial in self._passage.trials:
            yield f"  {trial['id']}: {self._verdict(trial['verdict'], trial['id'])}"

    def _verdict(self, verdict: Row, name: str) -> str:
        told = str(verdict["outcome"]) + (f" ({verdict['reason']})" if verdict["reason"] else "")
        tests = verdict["tests"]
        if tests:
            passed = sum(test["outcome"] == "passed" for test in tests)
            told += f", {passed} of {len(tests)} tests"
        if verdict["coverage"] is not None:
            told += f", coverage {verdict['coverage']:.0f} %"
        observed = self._passage.observed.get(name)
        if observed is not None:
            told += f", {observed['cpu_seconds']:.2f} s of CPU"
            if observed["message"] and verdict["outcome"] != "passed":
                told += f": {observed['message'].splitlines()[0]}"
        return told

    def _rejected(self, row: Row) -> Iterator[str]:
        for name in ("text", "question", "solution", "test"):
            if isinstance(row.get(name), str):
                yield f"  {name}"
                yield from self._text(row[name])

    def _text(self, text: str) -> Iterator[str]:
        lines = text.strip("\n").splitlines()
        shown = lines if self._whole else lines[:EXCERPT]
        yield from ((INDENT + line).rstrip() for line in shown)
        if len(shown) < len(lines):
            yield f"{INDENT}... ({len(lines) - len(shown)} more lines; --all shows them)"


def _tokens(row: Row) -> str:
    count = row["completion_tokens"]
    return "tokens not counted" if count is None else f"{count:,} tokens"
