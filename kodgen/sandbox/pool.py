"""The sandbox as the rest of kodgen sees it: any number of trials asked for, a few run at once."""

import asyncio
import os
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from kodgen import config
from kodgen.records import Isolation, Verdict
from kodgen.sandbox import isolation, judgement, rules, testfile
from kodgen.sandbox.forkserver import ForkServer
from kodgen.sandbox.trial import Order, Trial
from kodgen.sandbox.verdict import decide

MOST_CODE = 1024 * 1024
"""Characters of a solution or test file; more is no code that anyone trains on."""
OTHER_HASH_SEED = 1


@dataclass(frozen=True, slots=True)
class _Slot:
    """One core's fork servers: the usual one, and one with another hash seed for reruns."""

    server: ForkServer
    other: ForkServer

    async def close(self) -> None:
        await asyncio.gather(self.server.close(), self.other.close())


class Sandbox:
    """Runs untrusted solutions against their tests, each pair in a world of its own.

    Bound to the event loop that `start` ran in. Waiting calls of `run` are served in order.
    """

    isolation: Isolation

    def __init__(self, limits: config.Sandbox) -> None:
        self._limits = limits
        self._slots: list[_Slot] = []
        self._idle: asyncio.Queue[_Slot] = asyncio.Queue()
        self._alone = asyncio.Lock()

    async def start(self) -> None:
        """Find the isolation level this machine can give, and start a fork server for each core.

        Raises:
            IsolationError: No isolation can be had, and `accept_no_isolation` is not set.
            SandboxFault: The fork servers don't come up although the level is there.
        """
        level = await isolation.choose(self._limits)
        workers = self._limits.workers or len(os.sched_getaffinity(0))
        for number in range(workers):
            settings = isolation.settings(self._limits, level, number)
            slot = _Slot(ForkServer(settings), ForkServer(settings, OTHER_HASH_SEED))
            self._slots.append(slot)
        try:
            async with asyncio.TaskGroup() as group:
                for slot in self._slots:
                    group.create_task(slot.server.start())
        except BaseExceptionGroup as failures:
            await self.close()
            raise failures.exceptions[0] from None
        self.isolation = level
        for slot in self._slots:
            self._idle.put_nowait(slot)

    async def run(self, solution: str, test: str) -> Verdict:
        """Run `test` against `solution`; code that misbehaves gives a verdict, never an error.

        A trial that the sandbox itself failed is run once more, with no other beside it; if that
        fails too, the outcome is `infra`.
        """
        if len(solution) > MOST_CODE or len(test) > MOST_CODE:
            return Verdict(outcome="limit", reason="source_too_long", isolation="not_run")
        slot = await self._idle.get()
        try:
            verdict = await self._run_on(slot, solution, test)
        finally:
            self._idle.put_nowait(slot)
        if verdict.outcome != "infra":
            return verdict
        return await self._run_alone(solution, test)

    async def _run_alone(self, solution: str, test: str) -> Verdict:
        held: list[_Slot] = []
        async with self._alone:
            try:
                while len(held) < len(self._slots):
                    held.append(await self._idle.get())
                return await self._run_on(held[0], solution, test)
            finally:
                for slot in held:
                    self._idle.put_nowait(slot)

    async def _run_on(self, slot: _Slot, solution: str, test: str) -> Verdict:
        expected = testfile.read(test)
        async with Trial(slot.server, solution, test, self._limits.wall_limit) as trial:
            order = Order("tests", coverage=self._limits.coverage)
            verdict = await self._tests(trial, order, expected)
            if not verdict.passed or expected is None:
                return verdict
            findings = rules.read(solution, test)
            verdict = judgement.flagged(verdict, *findings.flags)
            if findings.spoilt is not None:
                return judgement.spoilt(verdict, *findings.spoilt)
            verdict = await self._doubt(trial, verdict, expected)
        if verdict.passed and self._limits.reruns:
            return await self._repeat(slot, solution, test, verdict, expected)
        return verdict

    async def _tests(
        self, trial: Trial, order: Order, expected: testfile.Expected | None
    ) -> Verdict:
        transcript, ending = await trial.run(order)
        return decide(transcript, ending, expected, self._limits.cpu_seconds, self.isolation)

    async def _doubt(self, trial: Trial, verdict: Verdict, expected: testfile.Expected) -> Verdict:
        """What a pass is worth: runs in which the tests must fail."""
        if self._limits.control:
            said = await trial.run(Order("control"))
            verdict = judgement.after_control(verdict, *said, expected)
        for kind in judgement.STUBS if self._limits.stubs else ():
            if verdict.passed:
                said = await trial.run(Order(kind))
                verdict = judgement.after_stub(verdict, kind, *said)
        return verdict

    async def _repeat(
        self,
        slot: _Slot,
        solution: str,
        test: str,
        verdict: Verdict,
        expected: testfile.Expected,
    ) -> Verdict:
        """What a pass is after its tests ran again under other circumstances."""
        async with Trial(slot.other, solution, test, self._limits.wall_limit) as trial:
            for number in range(1, self._limits.reruns + 1):
                order = Order("tests", random_seed=number, reorder=number, hurried=True)
                again = await self._tests(trial, order, expected)
                verdict = judgement.after_rerun(verdict, again)
                if not verdict.passed:
                    break
        return verdict

    async def close(self) -> None:
        """End all fork servers, and with them whatever still runs."""
        slots, self._slots = self._slots, []
        await asyncio.gather(*(slot.close() for slot in slots))

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()
