"""What a row stage is lent: asking and verifying, journalled, so a resumed row repeats none."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from kodgen.engine.asking.asker import Asker
from kodgen.engine.store.journal import Journal
from kodgen.errors import SandboxFault
from kodgen.llm.protocol import Completion, Request
from kodgen.records import Verdict, content_hash

Run = Callable[[str, str], Awaitable[Verdict]]
"""Run a solution against a test in some sandbox."""

INFRA_RETRIES = 5
"""Tries after a fault of the sandbox; it has retried once itself."""
INFRA_WAIT = 1.0


class StageTools:
    """The tools of one stage; implements `kodgen.stages.base.Tools`."""

    def __init__(self, asker: Asker, run: Run, journal: Journal) -> None:
        self._asker = asker
        self._run = run
        self._journal = journal

    async def complete(self, request: Request) -> Completion:
        """Ask, retrying faults; later attempts yield to earlier ones."""
        attempt = int(request.id.rsplit("/", 1)[-1])
        return await self._asker.complete(request, priority=attempt)

    async def verify(self, trial: str, solution: str, test: str) -> Verdict:
        """Run, or recall what running exactly this code said before.

        Raises:
            SandboxFault: The sandbox failed again and again.
        """
        key, code = verdict_key(trial), content_hash(solution, test, length=32)
        known = self._journal.get(key)
        if known is not None and known["code"] == code:
            return Verdict.model_validate(known["verdict"])
        verdict = await run_patiently(self._run, trial, solution, test)
        line = {"verdict_of": trial, "code": code, "verdict": verdict.model_dump(mode="json")}
        self._journal.append(line)
        return verdict


async def run_patiently(run: Run, trial: str, solution: str, test: str) -> Verdict:
    """Run a trial, again where the sandbox itself failed.

    Raises:
        SandboxFault: It failed again and again.
    """
    verdict = await run(solution, test)
    for retry in range(INFRA_RETRIES):
        if verdict.outcome != "infra":
            return verdict
        await asyncio.sleep(INFRA_WAIT * 2.0**retry)
        verdict = await run(solution, test)
    if verdict.outcome == "infra":
        raise SandboxFault(
            f"{trial}: the sandbox failed {INFRA_RETRIES + 1} times ({verdict.reason}); run "
            "`kodgen doctor` to see what it lacks, then the same command again"
        )
    return verdict


def verdict_key(trial: str) -> str:
    """Journal key of a trial's verdict."""
    return f"verdict {trial}"


def row_key(row: str) -> str:
    """Journal key of a finished row."""
    return f"row {row}"


def stage_key(line: dict[str, Any]) -> str | None:
    """Key of a line of a stage's journal."""
    if "verdict_of" in line:
        return verdict_key(line["verdict_of"])
    return row_key(line["row"])
