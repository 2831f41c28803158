"""Judges completion tasks that people wrote: python -m tests.perf.restyle.

HumanEval's prompts are such tasks: signature, docstring, examples, and beside each a solution and
tests. What is kept of them, and what is rejected why, tells what the checks of `restyle` cost; then
one expected value of each kept task is changed, and none may be kept. Prints each rejected task's
reason, and the time of a run.
"""

import argparse
import ast
import asyncio
import gzip
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from kodgen import config
from kodgen.parse.completion.fault import Fault
from kodgen.parse.completion.task import CompletionTask, completion_task
from kodgen.parse.completion.trial import fault_of, trial_of
from kodgen.sandbox import Sandbox
from kodgen.stages.restyle import EXAMPLES

HUMANEVAL = Path(__file__).resolve().parents[2] / ".." / "shared" / "benchmarks" / "humaneval"


def tasks() -> Iterator[tuple[str, str, str, str]]:
    """Name, prompt, solution and tests of each."""
    for path in sorted(HUMANEVAL.glob("*.jsonl*")):
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                name = row["entry_point"]
                solution = row["prompt"] + row["canonical_solution"]
                test = f"from solution import {name}\n\n{row['test']}\n\n"
                test += f"def test_it():\n    check({name})\n"
                yield row["task_id"], row["prompt"], solution, test


def falsified(task: CompletionTask) -> CompletionTask | None:
    """The task with another value for the first example that has a literal one."""
    for number, one in enumerate(task.documented):
        for place, (source, want, raises, ellipsis) in enumerate(one.shown):
            try:
                value = ast.literal_eval(want.strip())
            except (ValueError, SyntaxError):
                continue
            other = not value if isinstance(value, bool) else [value]
            shown = list(one.shown)
            shown[place] = (source, f"{other!r}\n", raises, ellipsis)
            documented = list(task.documented)
            documented[number] = replace(one, shown=tuple(shown))
            return replace(task, documented=tuple(documented))
    return None


async def run(sandbox: Sandbox, solution: str, task: CompletionTask) -> Fault | None:
    """What running a task's examples says."""
    verdict = await sandbox.run(solution, trial_of(task.text, task.documented), EXAMPLES)
    return fault_of(verdict, task.documented)


async def main() -> None:
    """Judge all of them."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    reasons: Counter[str] = Counter()
    kept_though_false: list[str] = []
    changed, shown, seconds = 0, 0, 0.0
    async with Sandbox(config.Sandbox(workers=1)) as sandbox:
        for name, prompt, solution, test in tasks():
            answer = f"<completion>\n{prompt}\n</completion>"
            made = completion_task(answer, "stop", question="", solution=solution, test=test)
            fault: Fault | None
            if isinstance(made, Fault):
                fault = made
            else:
                begun = time.perf_counter()
                fault = await run(sandbox, solution, made)
                seconds += time.perf_counter() - begun
            reasons[fault.reason if fault else "kept"] += 1
            if fault:
                print(f"{name}: {fault.reason}: {fault.detail}")
            elif isinstance(made, CompletionTask):
                shown += made.shows_tests
                wrong = falsified(made)
                if wrong is not None:
                    changed += 1
                    if await run(sandbox, solution, wrong) is None:
                        kept_though_false.append(name)
    ran = reasons["kept"] + reasons["false_example"] + reasons["broken_skeleton"]
    print(dict(reasons), f"{shown} show their tests; {seconds / max(1, ran):.3f} s a run")
    print(f"{changed} made false, of which kept: {kept_though_false or 'none'}")


if __name__ == "__main__":
    asyncio.run(main())
