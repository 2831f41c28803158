"""The driver's end of the connection to a node's sandbox: many trials at a time."""

import asyncio
from collections.abc import Callable
from dataclasses import astuple
from itertools import count
from typing import Any

from kodgen.engine import wire
from kodgen.errors import SandboxFault
from kodgen.records import Verdict
from kodgen.sandbox.scrutiny import Scrutiny

Said = Verdict | Exception
"""What became of a trial: its verdict, or why there is none."""


class Lost(Exception):
    """The sandbox that a trial was sent to is gone."""


class SandboxLine:
    """Sends trials to one sandbox and hears what they said.

    Args:
        ends: Its connection; whoever is at the other end does as `SandboxActor` does.
    """

    def __init__(self, ends: wire.Ends) -> None:
        reader, self._writer = ends
        self._numbers = count()
        self._open: dict[int, Callable[[Said], None]] = {}
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done once no more trial gets through."""
        self._hearing = asyncio.create_task(self._hear(reader))

    def run(
        self, solution: str, test: str, scrutiny: Scrutiny, told: Callable[[Said], None]
    ) -> None:
        """Have a trial run.

        Args:
            solution: Its solution.
            test: Its tests.
            scrutiny: What it is put through.
            told: Told what became of it, once and never before this returned; `Lost` where the
                sandbox is gone.
        """
        number = next(self._numbers)
        try:
            sent = wire.frame([number, solution, test, astuple(scrutiny)])
        except wire.FrameTooLong:
            # As any sandbox would say of code a tenth as long.
            said = Verdict(outcome="limit", reason="source_too_long", isolation="not_run")
            asyncio.get_running_loop().call_soon(told, said)
            return
        if self.lost.done():
            asyncio.get_running_loop().call_soon(told, Lost())
            return
        self._open[number] = told
        self._writer.write(sent)

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                number, said = await wire.received(reader)
                self._open.pop(number)(_meaning(said))
        except OSError:
            pass  # whoever waits is told
        finally:
            self.close()

    def close(self) -> None:
        """Send no more; what was sent counts as lost. Again: do nothing."""
        self._hearing.cancel()
        self._writer.close()
        if not self.lost.done():
            self.lost.set_result(None)
        told, self._open = self._open, {}
        for tell in told.values():
            tell(Lost())


def _meaning(said: dict[str, Any]) -> Said:
    if "fault" in said:
        return SandboxFault(said["fault"])
    if "bug" in said:
        return RuntimeError(f"a sandbox failed:\n{said['bug']}")
    try:
        return Verdict.model_validate(said["verdict"])
    except ValueError as error:
        return error
