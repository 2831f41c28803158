"""Pairs by run time: known orders, known equals, and what real models wrote.

    python tests/perf/runtime_pairs.py known|equals [--rounds 1]
    python tests/perf/runtime_pairs.py recorded TRIALS.jsonl... [--questions 60] [--show]

`known` times solutions whose order is known (`tests/preference/tasks.py`) and says which pairs of
another class of time were found, missed or wrong. `equals` times solutions against copies of
themselves in other words, every round of it to the end: each pair made is a false one. `recorded`
takes trials of real models (`prompt_id` or `question_id`, `trial`, `solution`, `test`,
`upstream_verdict`), the first passing one of each question as its triplet.
"""

import argparse
import asyncio
import itertools
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from kodgen import config
from kodgen.preference import measuring, runtime
from kodgen.preference.candidates import Candidate, answers
from kodgen.preference.judging import told_apart
from kodgen.records import Triplet, Verdict
from kodgen.sandbox import Sandbox
from kodgen.sandbox.scrutiny import PLAIN, Scrutiny
from tests.preference.equals import rearranged
from tests.preference.making import FAIL, PASS, answered, triplet
from tests.preference.tasks import TASKS

REPEATS, SPEEDUP = 5, 1.2


class Timer:
    """Measures in a sandbox, and sums up what that costs."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.cpu = 0.0

    async def run(self, _name: str, solution: str, test: str) -> Verdict:
        verdict = await self.sandbox.run(solution, test, PLAIN)
        if verdict.observed is not None:
            self.cpu += verdict.observed.cpu_seconds
        return verdict

    async def measure(self, of: Triplet, right: list[Candidate]) -> measuring.Timings:
        return await measuring.measure(of, right, REPEATS, SPEEDUP, self.run)


def as_candidates(codes: list[str]) -> list[Candidate]:
    return [
        Candidate(str(number), number, code, code, right=True, score=1.0)
        for number, code in enumerate(codes)
    ]


async def known(sandbox: Sandbox) -> None:
    found = missed = wrong = 0
    for task in TASKS:
        timer = Timer(sandbox)
        # The slowest is tried first, so that order of arrival can't help.
        count = len(task.solutions)
        candidates = as_candidates(list(reversed(task.solutions)))
        try:
            timings = await timer.measure(
                triplet(task.name, task.solutions[0], task.test), candidates
            )
        except measuring.Untimed as untimed:
            print(f"{task.name:28} {untimed.reason}: {untimed.detail}")
            missed += count * (count - 1) // 2
            continue
        made = runtime.matches(timings, SPEEDUP, 100)
        right = [match for match in made if match.chosen.order > match.rejected.order]
        found += len(right)
        wrong += len(made) - len(right)
        missed += count * (count - 1) // 2 - len(right)
        margins = ", ".join(f"{match.margin:g}" for match in right)
        print(f"{task.name:28} {len(right)} right, {len(made) - len(right)} wrong: {margins}; "
              f"{timer.cpu:.1f} s of CPU")  # fmt: skip
    print(f"pairs in the known order {found}, the other way round {wrong}, not made {missed}")


async def equals(sandbox: Sandbox) -> None:
    measuring.may_differ = lambda *_: True  # type: ignore[assignment]
    timed = made = 0
    ratios = []
    for task in TASKS:
        for number, solution in enumerate(task.solutions):
            timer = Timer(sandbox)
            pair = as_candidates([solution, rearranged(solution)])
            try:
                timings = await timer.measure(triplet(task.name, solution, task.test), pair)
            except measuring.Untimed as untimed:
                print(f"{task.name:28} {number} {untimed.reason}: {untimed.detail}")
                continue
            timed += 1
            made += len(runtime.matches(timings, SPEEDUP, 100))
            one, other = (min(timing.totals) for _, timing in timings)
            ratios.append(max(one, other) / min(one, other))
            print(f"{task.name:28} {number} {ratios[-1]:.3f}; {timer.cpu:.1f} s of CPU", flush=True)
    print(f"equals timed {timed}, pairs made {made}; ratios up to {max(ratios):.3f}")


def questions(files: list[Path], most: int) -> Iterator[tuple[str, list[dict[str, str]]]]:
    found = []
    for file in files:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        key = "prompt_id" if "prompt_id" in rows[0] else "question_id"
        rows.sort(key=lambda row: (row[key], row["trial"]))
        for name, trials in itertools.groupby(rows, key=lambda row: row[key]):
            whole = [row for row in trials if row["solution"] and row["test"]]
            whole.sort(key=lambda row: row["upstream_verdict"] != "Pass")
            if sum(row["upstream_verdict"] == "Pass" for row in whole) >= 2:
                found.append((f"{file.parent.name}/{name}", whole))
    step = max(1, len(found) // most)
    return iter(found[::step][:most])


async def recorded(sandbox: Sandbox, files: list[Path], most: int, show: bool) -> None:
    said: dict[str, int] = {}
    cpu = 0.0
    for name, trials in questions(files, most):
        verdicts = [PASS if row["upstream_verdict"] == "Pass" else FAIL for row in trials]
        row = answered(name, trials[0]["test"], [row["solution"] for row in trials], verdicts)
        timer = Timer(sandbox)

        async def judge(_: str, code: str, how: Scrutiny, test: str = row.triplet.test) -> Verdict:
            return await sandbox.run(code, test, how)

        told = await told_apart(row.triplet, answers(row, "trials"), judge)
        begun = time.perf_counter()
        try:
            timings = await timer.measure(row.triplet, list(told.right))
        except measuring.Untimed as untimed:
            reason = f"{untimed.reason}: {untimed.detail}"
            said[reason] = said.get(reason, 0) + 1
            print(f"{name:24} {told}; {reason}; {timer.cpu:.1f} s of CPU", flush=True)
            continue
        finally:
            cpu += timer.cpu
        made = runtime.matches(timings, SPEEDUP, 1)
        reason = "pair" if made else "no_difference: timed"
        said[reason] = said.get(reason, 0) + 1
        margins = f"{made[0].margin:g} times" if made else "no pair"
        units = " ".join(timings[0][1].rounds[0])
        print(f"{name:24} {told}; {margins} on {units}; {timer.cpu:.1f} s of CPU, "
              f"{time.perf_counter() - begun:.1f} s", flush=True)  # fmt: skip
        if made and show:
            print(f"--- chosen\n{made[0].chosen.code}\n--- rejected\n{made[0].rejected.code}\n---")
    for reason, count in sorted(said.items(), key=lambda item: -item[1]):
        print(f"{count:4} {reason}")
    print(f"{sum(said.values())} questions, {cpu / max(1, sum(said.values())):.1f} s of CPU each")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["known", "equals", "recorded"])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    async with Sandbox(config.Sandbox(workers=1)) as sandbox:
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        for _ in range(given.rounds):
            if given.what == "recorded":
                await recorded(sandbox, given.files, given.questions, given.show)
            else:
                await {"known": known, "equals": equals}[given.what](sandbox)
        print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    asyncio.run(main())
