"""Measures how strong the tests of recorded pairs are: python -m tests.perf.mutation.

Pairs of real models, recorded in `shared/recorded` beside the repository, that pass the sandbox in
full; the same with tests made weak on purpose; and the worthless ones of `shared/hostile`, which a
sandbox that is asked for more than one plain run turns away before. Prints scores, what became of
mutants by operator, weak tests, and seconds; `--survivors FILE` writes each survivor as a line of
JSON, to be looked at by eye.
"""

import argparse
import ast
import asyncio
import json
import os
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from kodgen import config
from kodgen.mutation.drawing import draw
from kodgen.records import Triplet, Verdict, derived_seed
from kodgen.sandbox import Sandbox
from kodgen.sandbox.scrutiny import FULL, PLAIN, Scrutiny
from kodgen.stages.mutate import MutateStage

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
STAR = "from solution import *\n\n"
"""What the reference pipeline puts before each test file."""


@dataclass
class Ran:
    """What one row was asked to run, as the engine's tools would."""

    sandbox: Sandbox
    speculate: int = 1
    cpu: float = 0.0
    runs: int = 0
    said: dict[str, Verdict] = field(default_factory=dict)

    async def verify(
        self, trial: str, solution: str, test: str, scrutiny: Scrutiny = FULL
    ) -> Verdict:
        verdict = await self.sandbox.run(solution, test, scrutiny)
        self.runs += 1
        self.cpu += verdict.observed.cpu_seconds if verdict.observed is not None else 0.0
        self.said[trial] = verdict
        return verdict


def triplet(name: str, solution: str, test: str) -> Triplet:
    return Triplet(
        id=name,
        question_id=name,
        subset="recorded",
        style="instruct",
        question="",
        solution=solution,
        test=test,
        test_info=(),
        chosen_trial=f"{name}/0",
        pass_sequence=(1,),
        difficulty="easy",
        coverage=None,
        isolation="namespaces",
        flags=(),
        seed_ids=(),
        licenses=(),
        method="given",
        question_model="given",
        question_prompt_version="none",
        solution_model="recorded",
        solution_prompt_version="none",
        benchmark_similarity=None,
        benchmark_task_id=None,
    )


def recorded(files: str) -> list[Triplet]:
    """Every pair that the reference passed, by its file and line."""
    rows = []
    for path in sorted((SHARED / "recorded").glob(f"*/{files}.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            row = json.loads(line)
            if row["solution"] and row["test"] and row["upstream_verdict"] == "Pass":
                name = f"{path.parent.name}/{path.stem}/{number}"
                rows.append(triplet(name, row["solution"], STAR + row["test"]))
    return rows


class OnlyTypes(ast.NodeTransformer):
    """Makes `assert a == b` ask for nothing but the type of `a`."""

    def visit_Assert(self, node: ast.Assert) -> ast.Assert:
        match node.test:
            case ast.Compare(left=left, ops=[ast.Eq() | ast.Is()], comparators=[right]):
                sides = [f"type({ast.unparse(side)})" for side in (left, right)]
                return ast.Assert(ast.parse(" is ".join(sides), mode="eval").body)
            case other:
                return ast.Assert(ast.parse(f"({ast.unparse(other)}) is not None", "", "eval").body)


class FirstCheck(ast.NodeTransformer):
    """Leaves each test function nothing after its first `assert`."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        for number, statement in enumerate(node.body):
            if isinstance(statement, ast.Assert):
                node.body = node.body[: number + 1]
                break
        return node


def weakened(row: Triplet, way: ast.NodeTransformer) -> Triplet:
    tree = ast.fix_missing_locations(way.visit(ast.parse(row.test)))
    name = f"{row.id}/{type(way).__name__}"
    return triplet(name, row.solution, ast.unparse(tree))


def worthless() -> list[Triplet]:
    return [
        triplet(
            folder.name,
            (folder / "solution.py").read_text(encoding="utf-8"),
            (folder / "test_solution.py").read_text(encoding="utf-8"),
        )
        for folder in sorted((SHARED / "hostile").glob("q*"))
    ]


def pipeline(mutants: int) -> config.Pipeline:
    return config.Pipeline.model_validate(
        {
            "name": "perf",
            "seed": 7,
            "llm": {"backend": "recorded", "model": "m", "paths": ["none.jsonl"]},
            "subsets": [{"name": "A", "method": "given", "seeds": {"path": "q.jsonl"}}],
            "mutate": {"mutants": mutants},
        }
    )


@dataclass
class Measured:
    row: Triplet
    kept: Triplet | None
    reason: str
    wall: float
    ran: Ran


async def measure(sandbox: Sandbox, rows: list[Triplet], mutants: int) -> list[Measured]:
    """One row after another, for the seconds of each; its mutants use all cores."""
    stage = MutateStage(pipeline(mutants))
    done = []
    for row in rows:
        ran, began = Ran(sandbox), time.monotonic()
        outcome = await stage.process(row, ran)  # type: ignore[arg-type]
        seconds = time.monotonic() - began
        kept = outcome.kept[0] if outcome.kept else None
        reason = outcome.rejected[0].reason if outcome.rejected else ""
        done.append(Measured(row, kept, reason, seconds, ran))
    return done


def by_operator(done: list[Measured], mutants: int) -> dict[str, Counter[str]]:
    """Drawn anew as the stage draws, to name the operator of those that were killed as well."""
    found: dict[str, Counter[str]] = {}
    for one in done:
        drawn = draw(one.row.solution, mutants, derived_seed(7, "mutate", one.row.id))
        if drawn is None or one.kept is None or one.kept.strength is None:
            continue
        survived = set(one.kept.strength.survived)
        for number, mutant in enumerate(drawn.mutants):
            verdict = one.ran.said[f"{one.row.id}/mutate/{number}"]
            record = mutant.record()
            what = "survived" if record in survived else "not told apart"
            count = found.setdefault(record.operator, Counter())
            count[verdict.outcome if not verdict.passed else what] += 1
    return found


def tell(title: str, done: list[Measured], mutants: int) -> None:
    strengths = [one.kept.strength for one in done if one.kept and one.kept.strength]
    scores = [s.score for s in strengths if s.score is not None]
    killed, indistinct = sum(s.killed for s in strengths), sum(s.indistinct for s in strengths)
    survived = sum(len(s.survived) for s in strengths)
    """Print what was found; with `mutants` also of each operator and of single pairs."""
    print(f"\n## {title}: {len(done)} pairs, load {os.getloadavg()[0]:.1f}")
    print(f"rejected: {dict(Counter(one.reason for one in done if one.reason))}")
    print(
        f"mutants: {killed} killed, {survived} survived, {indistinct} indistinct, "
        f"{sum(s.untold for s in strengths)} untold, "
        f"{sum(s.equivalent for s in strengths)} equivalent, "
        f"{sum(s.not_run for s in strengths)} not run"
    )
    if scores:
        bins = Counter(min(int(score * 10), 10) for score in scores)
        print("score  :", {f"{n / 10:.1f}": bins[n] for n in sorted(bins)}, end=" ")
        print(f"mean {statistics.mean(scores):.3f}; none for {len(strengths) - len(scores)}")
        classical = [
            s.killed / (s.killed + len(s.survived) + s.indistinct)
            for s in strengths
            if s.killed + len(s.survived) + s.indistinct
        ]
        bins = Counter(min(int(score * 10), 10) for score in classical)
        print("classical bound:", {f"{n / 10:.1f}": bins[n] for n in sorted(bins)}, end=" ")
        print(f"mean {statistics.mean(classical):.3f}")
    walls = sorted(one.wall for one in done)
    cpus = sorted(one.ran.cpu for one in done)
    print(
        f"seconds a question: wall median {walls[len(walls) // 2]:.2f} mean "
        f"{statistics.mean(walls):.2f} most {walls[-1]:.1f}; CPU of its runs median "
        f"{cpus[len(cpus) // 2]:.2f} mean {statistics.mean(cpus):.2f}; runs mean "
        f"{statistics.mean(one.ran.runs for one in done):.1f}"
    )
    below = {t / 10: sum(score < t / 10 for score in scores) for t in range(5, 11)}
    print(f"scores below: {below}, of {len(scores)}")
    if not mutants:
        return
    for name, counts in sorted(by_operator(done, mutants).items()):
        print(f"  {name:12} {dict(sorted(counts.items()))}")
    for one in done:
        strength = one.kept.strength if one.kept else None
        if strength is not None and strength.score is not None and strength.score < 0.8:
            print(f"  weak: {one.row.id} {strength.score} ({strength.killed} killed)")
        if strength is not None and strength.score is None:
            print(f"  no score: {one.row.id} ({strength.indistinct} indistinct)")


async def run(arguments: argparse.Namespace) -> None:
    async with Sandbox(config.Sandbox()) as sandbox:
        rows = recorded(arguments.files)
        began = time.monotonic()
        full = await asyncio.gather(*(sandbox.run(row.solution, row.test) for row in rows))
        whole = time.monotonic() - began
        began = time.monotonic()
        await asyncio.gather(*(sandbox.run(row.solution, row.test, PLAIN) for row in rows))
        plain = time.monotonic() - began
        passing = [row for row, verdict in zip(rows, full, strict=True) if verdict.passed]
        print(
            f"{len(passing)} of {len(rows)} recorded pairs pass; {whole / len(rows):.3f} s each in "
            f"full, {plain / len(rows):.3f} s plain, on {sandbox.workers} cores"
        )
        done = await measure(sandbox, passing[: arguments.most], arguments.mutants)
        tell("recorded", done, arguments.mutants)
        for way in (OnlyTypes(), FirstCheck()):
            weak = [weakened(row, way) for row in passing[: arguments.most]]
            tell(type(way).__name__, await measure(sandbox, weak, arguments.mutants), 0)
        tell("worthless", await measure(sandbox, worthless(), arguments.mutants), arguments.mutants)
    if arguments.survivors:
        with arguments.survivors.open("w") as file:
            for one in done:
                if one.kept and one.kept.strength:
                    for mutant in one.kept.strength.survived:
                        line = {"id": one.row.id, **mutant.model_dump()}
                        file.write(json.dumps(line) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", default="*", help="`trials`, `reasoning` or `*`")
    parser.add_argument("--mutants", type=int, default=20)
    parser.add_argument("--most", type=int, default=None, help="pairs to look at")
    parser.add_argument("--survivors", type=Path)
    arguments = parser.parse_args()
    if not (SHARED / "recorded").exists():
        sys.exit("the recorded pairs are not here")
    asyncio.run(run(arguments))


if __name__ == "__main__":
    main()
