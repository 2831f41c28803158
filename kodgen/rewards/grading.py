"""The sandbox for trainers: scores that any thread or event loop may ask for.

A trainer has no place to start and stop a sandbox, so one lives in a thread of its own, from the
first score to the end of the process.
"""

import asyncio
import atexit
import json
import os
import threading
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from kodgen import config
from kodgen.errors import ConfigError, SandboxFault
from kodgen.records import Verdict
from kodgen.rewards.reading import code_of, truth_of
from kodgen.sandbox import Sandbox

RETRIES = 3
"""Times that a fault of the machine is tried again before it is raised."""
FIRST_WAIT = 1.0
"""Seconds before the first of them; each later wait is twice as long."""
_PATIENCE = 10.0
"""Seconds that the sandbox is given to end with the process."""


class Grader:
    """Scores answers: 1.0 where all tests pass, 0.0 where not.

    A pass is looked at as closely as when datasets are made: a model in training learns to cheat
    wherever it can.

    Args:
        limits: The sandbox's.
        retries: Times that a fault of the machine is tried again.
        first_wait: Seconds before the first of them.
        sandbox: Makes the sandbox.
    """

    def __init__(
        self,
        limits: config.Sandbox,
        *,
        retries: int = RETRIES,
        first_wait: float = FIRST_WAIT,
        sandbox: Callable[[config.Sandbox], Sandbox] = Sandbox,
    ) -> None:
        self._limits = limits
        self._retries = retries
        self._first_wait = first_wait
        self._make = sandbox
        self._sandbox: Sandbox | None = None
        self._starting = asyncio.Lock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="kodgen-grader", daemon=True
        )
        self._thread.start()
        atexit.register(self.close)

    def score(self, answer: str, ground_truth: str) -> float:
        """Score one answer; waits for it.

        Args:
            answer: What the model said, reasoning and all.
            ground_truth: The tests, as the column of that name has them.

        Raises:
            InputError: The ground truth is not one of kodgen's.
            SandboxFault: The machine failed, and did again when tried again; says nothing of the
                answer.
            IsolationError: This machine can't confine the answers.
        """
        asked = asyncio.run_coroutine_threadsafe(self._score(answer, ground_truth), self._loop)
        return asked.result()

    async def score_async(self, answer: str, ground_truth: str) -> float:
        """`score`, for those who have an event loop to wait in.

        Raises:
            KodgenError: As `score` does.
        """
        asked = asyncio.run_coroutine_threadsafe(self._score(answer, ground_truth), self._loop)
        return await asyncio.wrap_future(asked)

    def close(self) -> None:
        """End the sandbox and its thread; a second time does nothing."""
        atexit.unregister(self.close)
        if not self._thread.is_alive():
            return
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(_PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)

    async def _close(self) -> None:
        if self._sandbox is not None:
            await self._sandbox.close()

    async def _score(self, answer: str, ground_truth: str) -> float:
        truth = truth_of(ground_truth)
        code = code_of(answer, truth)
        if code is None:
            return 0.0
        return float((await self._verdict(code, truth.tests)).passed)

    async def _verdict(self, code: str, tests: str) -> Verdict:
        said = ""
        for tried in range(self._retries + 1):
            if tried:
                await asyncio.sleep(self._first_wait * 2 ** (tried - 1))
            try:
                verdict = await (await self._started()).run(code, tests)
            except SandboxFault as fault:
                said = str(fault)
                continue
            if verdict.outcome != "infra":
                return verdict
            said = verdict.reason
        raise SandboxFault(
            f"an answer could not be scored, since the sandbox failed {self._retries + 1} times "
            f"({said}); this is no reward of 0. Run `kodgen doctor` on this machine"
        )

    async def _started(self) -> Sandbox:
        async with self._starting:
            if self._sandbox is None:
                sandbox = self._make(self._limits)
                await sandbox.start()
                self._sandbox = sandbox
        return self._sandbox


def grader(settings: Mapping[str, Any] | None = None) -> Grader:
    """The process's grader.

    Args:
        settings: Keys of a pipeline's `sandbox` section, such as `memory_mb`.

    Raises:
        ConfigError: There is no such key, or its value is out of bounds.
    """
    return _grader(json.dumps(dict(settings or {}), sort_keys=True), os.getpid())


@lru_cache(maxsize=8)
def _grader(settings: str, _process: int) -> Grader:
    # By process: a forked child has the object, but not its thread.
    try:
        return Grader(config.Sandbox.model_validate_json(settings))
    except ValidationError as error:
        raise ConfigError(f"settings of the sandbox: {error}") from error
