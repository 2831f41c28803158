"""The sandbox as the rest of kodgen sees it: any number of trials asked for, a few run at once."""

import asyncio
import contextlib
import os
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from kodgen import config
from kodgen.errors import SandboxFault
from kodgen.records import Isolation, Verdict
from kodgen.sandbox import cgroups, isolation, judgement, portable, rules, testfile, users
from kodgen.sandbox.forkserver import ForkServer, Order
from kodgen.sandbox.interpreter import Environment, Interpreter, examine
from kodgen.sandbox.scrutiny import FULL, Scrutiny
from kodgen.sandbox.transcript import Transcript
from kodgen.sandbox.verdict import Ending, decide

MOST_CODE = 1024 * 1024
"""Characters of a solution; more is no code that anyone trains on."""
WALL_FOR_CPU = 6
"""Seconds on the clock for each of CPU time where a run has a limit of its own; see `wall_limit`
of `kodgen.config.Sandbox`."""
OTHER_HASH_SEEDS = (1, 2)
"""Of reruns, in turn. Of tests that depend on the order of a set of two strings, a rerun under one
other seed shows half, one under each of two three quarters; each costs a fork server per core, of
20 MB, that is started when it is first wanted."""


@dataclass(frozen=True, slots=True)
class _Slot:
    """One core's fork servers: the usual one, and those with other hash seeds for reruns."""

    server: ForkServer
    others: tuple[ForkServer, ...]
    group: cgroups.Opened | None

    async def close(self) -> None:
        await asyncio.gather(*(server.close() for server in (self.server, *self.others)))
        if self.group is not None:
            self.group.close()


@dataclass(frozen=True, slots=True)
class _Pair:
    """What is run, and what kodgen itself reads in its test file."""

    solution: str
    test: str
    expected: testfile.Expected | None


def _ruled(verdict: Verdict, pair: _Pair) -> Verdict:
    """What a pass is by the text of solution and tests."""
    findings = rules.read(pair.solution, pair.test)
    verdict = judgement.flagged(verdict, *findings.flags)
    return verdict if findings.spoilt is None else judgement.spoilt(verdict, *findings.spoilt)


class Sandbox:
    """Runs untrusted solutions against their tests, each pair in a world of its own.

    Bound to the event loop that `start` ran in. Waiting calls of `run` are served in order.
    """

    isolation: Isolation
    environment: Environment
    """What the trials run on."""

    def __init__(self, limits: config.Sandbox) -> None:
        self._limits = limits
        self._slots: list[_Slot] = []
        self._numbers: list[int] = []
        self._cgroups: cgroups.Cgroups | None = None
        self._idle: asyncio.Queue[_Slot] = asyncio.Queue()
        self._alone = asyncio.Lock()

    async def start(self) -> None:
        """Find the isolation level this machine can give, and start a fork server for each core.

        Raises:
            ConfigError: Trials can't run under the interpreter, or a module can't be preloaded.
            IsolationError: No isolation can be had, and `accept_no_isolation` is not set.
            SandboxFault: The fork servers don't come up although the level is there.
        """
        interpreter = await asyncio.to_thread(examine, self._limits.python)
        level = await isolation.choose(self._limits, interpreter)
        workers = self._limits.workers or len(os.sched_getaffinity(0))
        with contextlib.suppress(cgroups.NoCgroups):
            self._cgroups = cgroups.divide(self._limits)
        try:
            self._numbers = users.take_slots(workers)
            self._slots = [self._slot(number, level, interpreter) for number in self._numbers]
            async with asyncio.TaskGroup() as group:
                for slot in self._slots:
                    group.create_task(slot.server.start())
        except BaseExceptionGroup as failures:
            await self.close()
            raise failures.exceptions[0] from None
        except SandboxFault:
            await self.close()
            raise
        self.isolation, self.environment = level, interpreter.environment
        for slot in self._slots:
            self._idle.put_nowait(slot)

    @property
    def workers(self) -> int:
        """Trials that it runs at a time."""
        return len(self._slots)

    def _slot(self, number: int, level: Isolation, interpreter: Interpreter) -> _Slot:
        group = self._cgroups.slot(number) if self._cgroups is not None else None
        joined = group.descriptors if group is not None else ()
        settings = isolation.settings(self._limits, level, number, interpreter.shown, joined)
        python = interpreter.executable
        others = tuple(ForkServer(python, settings, seed) for seed in OTHER_HASH_SEEDS)
        return _Slot(ForkServer(python, settings), others, group)

    async def run(self, solution: str, test: str, scrutiny: Scrutiny = FULL) -> Verdict:
        """Run `test` against `solution`; code that misbehaves gives a verdict, never an error.

        A trial that the sandbox itself failed is run once more, with no other beside it; if that
        fails too, the outcome is `infra`.
        """
        if len(solution) > MOST_CODE or len(test) > testfile.LONGEST_SOURCE:
            return Verdict(outcome="limit", reason="source_too_long", isolation="not_run")
        slot = await self._idle.get()
        try:
            verdict = await self._run_on(slot, solution, test, scrutiny)
        finally:
            self._idle.put_nowait(slot)
        if verdict.outcome == "infra":
            verdict = await self._run_alone(solution, test, scrutiny)
        return verdict.model_copy(update={"environment": self.environment.digest})

    async def _run_alone(self, solution: str, test: str, scrutiny: Scrutiny) -> Verdict:
        held: list[_Slot] = []
        async with self._alone:
            try:
                while len(held) < len(self._slots):
                    held.append(await self._idle.get())
                return await self._run_on(held[0], solution, test, scrutiny)
            finally:
                for slot in held:
                    self._idle.put_nowait(slot)

    async def _run_on(self, slot: _Slot, solution: str, test: str, scrutiny: Scrutiny) -> Verdict:
        pair = _Pair(solution, test, testfile.read(test))
        plain = scrutiny.plain
        seconds = scrutiny.cpu_seconds or 0
        order = Order(("tests",), self._limits.coverage and not plain, seconds)
        verdict = await self._tests(slot.server, order, pair)
        if verdict.passed and not plain:
            verdict = _ruled(verdict, pair)
        if verdict.passed and self._limits.strict and not plain:
            verdict = await self._split(slot.server, verdict, pair)
        if verdict.passed and not plain:
            verdict = await self._doubt(slot.server, verdict, pair)
        reruns = self._limits.reruns if scrutiny.reruns is None else scrutiny.reruns
        for number in range(1, reruns + 1):
            if verdict.passed:
                order = Order(
                    ("tests",),
                    cpu_seconds=seconds,
                    random_seed=number,
                    reorder=number,
                    hurried=True,
                )
                other = slot.others[(number - 1) % len(slot.others)]
                again = await self._tests(other, order, pair)
                verdict = judgement.after_rerun(verdict, again)
        return verdict

    async def _order(
        self, server: ForkServer, order: Order, pair: _Pair, patience: float = 0.0
    ) -> tuple[list[Transcript], Ending]:
        wall_limit = self._limits.wall_limit + patience
        return await server.run(order, pair.solution, pair.test, wall_limit)

    async def _tests(self, server: ForkServer, order: Order, pair: _Pair) -> Verdict:
        limit = min(order.cpu_seconds or self._limits.cpu_seconds, self._limits.cpu_seconds)
        wall_limit = self._limits.wall_limit
        if limit < self._limits.cpu_seconds:
            wall_limit = min(wall_limit, WALL_FOR_CPU * limit)
        patience = wall_limit - self._limits.wall_limit
        transcripts, ending = await self._order(server, order, pair, patience)
        return decide(transcripts[0], ending, pair.expected, limit, self.isolation)

    async def _split(self, server: ForkServer, verdict: Verdict, pair: _Pair) -> Verdict:
        """What a pass is worth with the solution out of the tests' reach, and they out of its."""
        plan = portable.plan(pair.solution, pair.test)
        if plan.reason:
            return judgement.flagged(verdict, "unportable")
        order = Order(("split",), names=tuple(plan.names))
        transcripts, ending = await self._order(server, order, pair)
        return judgement.after_split(verdict, transcripts[0], ending)

    async def _doubt(self, server: ForkServer, verdict: Verdict, pair: _Pair) -> Verdict:
        """What a pass is worth: the tests once more, where they have to fail.

        All in one process: the stubs first, which run nothing of the solution. Should they not
        come to their end (tests may wait for ever for what a stub never gives), the control run
        gets a process of its own.
        """
        stubs = judgement.STUBS if self._limits.stubs else ()
        control = (judgement.CONTROL,) if self._limits.control else ()
        pending = (*stubs, *control)
        while pending and verdict.passed:
            order = Order(pending, cpu_seconds=judgement.doubting_seconds(verdict))
            patience = judgement.doubting_patience(verdict)
            transcripts, ending = await self._order(server, order, pair, patience)
            ended = sum(transcript.ended for transcript in transcripts)
            alone = control if pending != control and ended < len(pending) else ()
            for kind, transcript in zip(pending, transcripts, strict=False):
                if verdict.passed and kind not in alone:
                    verdict = judgement.after(kind, verdict, transcript, ending, pair.expected)
            pending = alone
        return verdict

    async def close(self) -> None:
        """End all fork servers, and with them whatever still runs."""
        slots, self._slots = self._slots, []
        try:
            await asyncio.gather(*(slot.close() for slot in slots))
        finally:
            users.give_back(self._numbers)
            self._numbers = []
        if self._cgroups is not None:
            self._cgroups.close()
            self._cgroups = None

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
