"""What crosschecking costs and finds: on recorded trials, and on trials whose truth is known.

    python tests/perf/crosscheck.py recorded [--cache FILE] [--show] [--json FILE]
    python tests/perf/crosscheck.py mbpp [--tasks 60] [--cache FILE] [--json FILE]

`recorded` tries the three recorded trials of each question out, crosschecks them, and says how
many chosen trials change and how many triplets become suspect; `--show` prints each of them with
question, solutions and tests, to be judged by hand.

`mbpp` makes trials of which it is known whether they are right: MBPP's reference solutions, and
mutants of them beside tests that were computed from the mutant, so that both halves of a trial
agree on the same error. It prints the share of wrong rows among the verified ones, when the trial
is chosen by coverage alone, when it is chosen by consensus, and without the suspect ones.

Verdicts are kept in `--cache`, by their code, so that a second run costs little; times are told
only of what was run.
"""

import argparse
import asyncio
import hashlib
import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import crosscheck_mbpp as mbpp

from kodgen import config
from kodgen.consensus.entrants import Comparison, entrants_of
from kodgen.consensus.finding import Finding, find
from kodgen.consensus.matrix import assemble
from kodgen.parse.code import Code, parse_code
from kodgen.parse.imports import with_solution_imports
from kodgen.records import Trial, Tried, Triplet, Verdict, derived_seed
from kodgen.sandbox import Sandbox
from kodgen.sandbox.scrutiny import FULL, PLAIN, Scrutiny
from kodgen.stages.attempts import chosen_trial, difficulty
from kodgen.stages.crosscheck import CrosscheckStage

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"


class Ledger:
    """The stage's tools: the sandbox, behind a file of the verdicts that it gave."""

    def __init__(self, sandbox: Sandbox, cache: Path | None) -> None:
        self._sandbox = sandbox
        self._file = cache.open("a+") if cache else None
        self._known: dict[str, Verdict] = {}
        self.ran = Counter[str]()
        self.cpu_seconds = 0.0
        if self._file:
            self._file.seek(0)
            for line in self._file:
                key, verdict = json.loads(line)
                self._known[key] = Verdict.model_validate(verdict)

    async def verify(
        self, trial: str, solution: str, test: str, scrutiny: Scrutiny = FULL
    ) -> Verdict:
        kind = "plain" if scrutiny == PLAIN else "full"
        key = hashlib.sha256(json.dumps([solution, test, kind]).encode()).hexdigest()
        if key not in self._known:
            verdict = await self._sandbox.run(solution, test, scrutiny)
            self.ran[kind] += 1
            if verdict.observed:
                self.cpu_seconds += verdict.observed.cpu_seconds
            self._known[key] = verdict
            if self._file:
                print(json.dumps([key, verdict.model_dump()]), file=self._file, flush=True)
        return self._known[key]


def pipeline(**section: Any) -> config.Pipeline:
    return config.Pipeline.model_validate(
        {
            "name": "t",
            "llm": {"backend": "recorded", "model": "m", "paths": ["none.jsonl"]},
            "subsets": [{"name": "A", "method": "given", "seeds": {"path": "q.jsonl"}}],
            "crosscheck": section,
        }
    )


def trial_of(question: str, attempt: int, code: Code | None, verdict: Verdict | None) -> Trial:
    return Trial(
        id=f"{question}/{attempt}",
        question_id=question,
        attempt=attempt,
        solution=code.solution if code else None,
        test=code.test if code else None,
        completion_id=f"solve/{question}/{attempt}",
        model="m",
        prompt_version="none",
        prompt_tokens=None,
        completion_tokens=None,
        verdict=verdict or Verdict(outcome="error", reason="unparsable", isolation="not_run"),
    )


def tried(question: str, text: str, trials: Sequence[Trial]) -> Tried | None:
    """A question's row as solve would give it; None if no trial passed."""
    chosen = chosen_trial(trials)
    if chosen is None or chosen.solution is None or chosen.test is None:
        return None
    sequence = tuple(int(trial.verdict.passed) for trial in trials)
    triplet = Triplet(
        id=question,
        question_id=question,
        subset="A",
        style="instruct",
        question=text,
        solution=chosen.solution,
        test=chosen.test,
        test_info=(),
        chosen_trial=chosen.id,
        pass_sequence=sequence,
        difficulty=difficulty(sum(sequence), len(sequence)),
        coverage=chosen.verdict.coverage,
        isolation=chosen.verdict.isolation,
        flags=chosen.verdict.flags,
        seed_ids=(),
        licenses=(),
        method="given",
        question_model="given",
        question_prompt_version="none",
        solution_model="m",
        solution_prompt_version="none",
        benchmark_similarity=None,
        benchmark_task_id=None,
    )
    return Tried(id=question, subset="A", triplet=triplet, trials=tuple(trials))


async def matrix_of(trials: Sequence[Trial], tools: Ledger) -> Finding | None:
    """A question's matrix, whether any of its trials passed or not; None if fewer than two are
    compared."""
    entrants = entrants_of(trials, 10)
    comparison = Comparison(entrants)
    if len(entrants) < 2 or not comparison.judges:
        return None
    runs = comparison.runs()
    said = {}
    for run in runs:
        assert run.test.trial.test is not None
        said[run.key] = await tools.verify(run.key[0], run.source, run.test.trial.test, PLAIN)
    matrix = assemble(
        [one.trial.id for one in entrants],
        [one.trial.id for one in comparison.judges],
        comparison.cells(said),
    )
    return find(trials, matrix, 0.85, 10)


def recorded_questions() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for name in ("algorithm", "leetcode"):
        rows: dict[str, list[dict[str, Any]]] = {}
        for line in (SHARED / "recorded" / name / "trials.jsonl").read_text().splitlines():
            row = json.loads(line)
            rows.setdefault(f"{name}/{row['prompt_id']}", []).append(row)
        for question, trials in rows.items():
            yield question, sorted(trials, key=lambda row: row["trial"])


async def recorded(tools: Ledger, *, show: bool) -> dict[str, Any]:
    async def trial(question: str, row: dict[str, Any]) -> Trial:
        found = parse_code(row["response"], "stop")
        if not isinstance(found, Code):
            return trial_of(question, row["trial"], None, None)
        code = Code(found.solution, with_solution_imports(found.solution, found.test))
        verdict = await tools.verify("", code.solution, code.test)
        return trial_of(question, row["trial"], code, verdict)

    questions = []
    for question, rows in recorded_questions():
        questions.append((question, rows[0]["question"], [trial(question, row) for row in rows]))
    tries = [
        (question, text, list(await asyncio.gather(*trials)))
        for question, text, trials in questions
    ]
    tools.ran.clear()
    tools.cpu_seconds = 0.0
    begun = time.perf_counter()
    findings = await asyncio.gather(*(matrix_of(trials, tools) for _, _, trials in tries))
    matrix_seconds, matrix_cpu = time.perf_counter() - begun, tools.cpu_seconds
    stage = CrosscheckStage(pipeline())
    strict = CrosscheckStage(pipeline(reject_suspect=True))
    count: Counter[str] = Counter()
    noted = []
    for (question, text, trials), finding in zip(tries, findings, strict=True):
        count["questions"] += 1
        count["compared"] += finding is not None
        if finding:
            results = [one for row in finding.matrix.passed for one in row]
            count["results"] += len(results)
            count["results: null"] += results.count(None)
            count["results: failed"] += results.count(0)
            count["tests"] += len(finding.matrix.tests)
            count["tests dropped"] += len(finding.dropped)
            count[f"camps: {len(finding.camps)}"] += 1
        row = tried(question, text, trials)
        if row is None:
            continue
        count["verified"] += 1
        (after,) = (await stage.process(row, tools)).kept
        turned = (await strict.process(row, tools)).rejected
        count["verified, crosschecked"] += after.crosscheck is not None
        count["changed"] += after.chosen_trial != row.triplet.chosen_trial
        count["suspect"] += "suspect" in after.flags
        count["trimmed"] += "tests_dropped" in after.flags
        if after.consensus_difficulty:
            count[f"difficulty {row.triplet.difficulty} -> {after.consensus_difficulty}"] += 1
        why = [
            *(["changed"] if after.chosen_trial != row.triplet.chosen_trial else []),
            *(flag for flag in after.flags if flag in {"suspect", "tests_dropped"}),
        ]
        if why:
            noted.append((row, after, why, turned[0].evidence if turned else ""))
    if show:
        for row, after, why, evidence in noted:
            print_case(row, after, why, evidence)
    return {
        **dict(sorted(count.items())),
        "cells run": tools.ran["plain"],
        "seconds": round(matrix_seconds, 1),
        "seconds per question": round(matrix_seconds / count["questions"], 3),
        "CPU seconds per question": round(matrix_cpu / count["questions"], 3),
        "noted": {row.id: why for row, _, why, _ in noted},
    }


def print_case(row: Tried, after: Triplet, why: Sequence[str], evidence: str) -> None:
    line = "=" * 30
    print(f"{line} {row.id} {', '.join(why)}: {row.triplet.chosen_trial} -> {after.chosen_trial}")
    print(evidence)
    if after.crosscheck:
        for one in after.crosscheck.solutions:
            print(
                one.trial,
                one.score,
                "".join("-01"[1 + (-1 if p is None else p)] for p in one.passed),
            )
        for test in after.crosscheck.tests:
            print(f"  {test.trial} {test.name[:70]} {test.score} dropped={test.dropped}")
    print(row.triplet.question)
    for trial in row.trials:
        print(f"----- {trial.id}: {trial.verdict.outcome} {trial.verdict.reason}")
        print(trial.solution)
        print("-- tests")
        print(trial.test)


async def known(tools: Ledger, tasks: int) -> dict[str, Any]:
    """Every mixture of trials for each task, chosen by coverage and by consensus."""
    rows = mbpp.tasks_of()
    found = await asyncio.gather(*(mbpp.task_of(row, tools) for row in rows[: 3 * tasks]))
    made = [task for task in found if task is not None][:tasks]
    stage = CrosscheckStage(pipeline())
    counts = {name: Counter[str]() for name in mbpp.MIXTURES}

    async def one(task: mbpp.Task, name: str) -> None:
        count, question = counts[name], f"{task.number}/{name}"
        chance = random.Random(derived_seed(7, question))
        kinds = list(mbpp.MIXTURES[name])
        chance.shuffle(kinds)
        trials = []
        for attempt, kind in enumerate(kinds):
            code = Code(*mbpp.code_of(task, kind, attempt, chance))
            verdict = await tools.verify("", code.solution, code.test)
            trials.append(trial_of(question, attempt, code, verdict))
        count["questions"] += 1
        row = tried(question, task.text, trials)
        if row is None:
            return
        (after,) = (await stage.process(row, tools)).kept
        before = row.triplet
        suspect = "suspect" in after.flags
        wrong = await mbpp.is_wrong(task, before.solution, before.test, tools)
        still = await mbpp.is_wrong(task, after.solution, after.test, tools)
        count["coverage: rows"] += 1
        count["coverage: wrong"] += wrong
        count["consensus: rows"] += 1
        count["consensus: wrong"] += still
        count["not suspect: rows"] += not suspect
        count["not suspect: wrong"] += still and not suspect
        count["suspect"] += suspect
        count["suspect: right"] += suspect and not still
        count["tests dropped"] += "tests_dropped" in after.flags
        right = sum(kind.startswith("right") for kind in kinds)
        if right and not still:
            count["difficulty of right rows: told"] += 1
            true = difficulty(right, len(kinds))
            count["difficulty of right rows: pass rate agrees"] += before.difficulty == true
            count["difficulty of right rows: consensus agrees"] += (
                after.consensus_difficulty == true
            )

    await asyncio.gather(*(one(task, name) for task in made for name in mbpp.MIXTURES))
    return {"tasks": len(made), **mbpp.shares(counts)}


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("what", choices=("recorded", "mbpp"))
    parser.add_argument("--tasks", type=int, default=60)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    # A mutant may loop for ever; the references take no time at all.
    limits = config.Sandbox(cpu_seconds=2 if options.what == "mbpp" else 10)
    async with Sandbox(limits) as sandbox:
        tools = Ledger(sandbox, options.cache)
        if options.what == "recorded":
            said = await recorded(tools, show=options.show)
        else:
            said = await known(tools, options.tasks)
    text = json.dumps(said, indent=2)
    print(text)
    if options.json:
        options.json.write_text(text + "\n")


if __name__ == "__main__":
    asyncio.run(main())
