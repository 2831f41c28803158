"""Ctrl-C and SIGTERM: the first ends a run when what is under way is done, the second at once."""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any, TypeVar

from kodgen.engine.stopping import Stop
from kodgen.errors import Interrupted

T = TypeVar("T")

STANDARD_ERROR = 2
SIGNALS = (signal.SIGINT, signal.SIGTERM)
ENDING = "stopping: what is under way is being finished and kept; to stop at once, interrupt again"
GO_ON = "interrupted; run the same command to go on"


def run_interruptibly(work: Callable[[Stop], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine in an event loop of its own, in the main thread.

    Args:
        work: Given what tells it to stop; it raises `stop.reason` once it has.

    Raises:
        Interrupted: It was stopped by a signal.
        KeyboardInterrupt: A third signal came while it was being stopped at once.
    """
    before = {number: signal.getsignal(number) for number in SIGNALS}
    try:
        return asyncio.run(_watched(work))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def _watched(work: Callable[[Stop], Coroutine[Any, Any, T]]) -> T:
    stop = Stop()
    loop = asyncio.get_running_loop()
    task = loop.create_task(work(stop))
    heard = 0

    def on_signal(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        # Called between any two bytecodes of the main thread: the loop may be in the middle of
        # something, or in the hands of code that blocks it.
        nonlocal heard
        heard += 1
        if heard == 1:
            # Not `print`, which may be in the middle of another line of this very thread.
            os.write(STANDARD_ERROR, f"\nkodgen: {ENDING}\n".encode())
            loop.call_soon_threadsafe(stop.request, Interrupted(GO_ON))
        elif heard == 2:
            loop.call_soon_threadsafe(task.cancel)
        else:
            raise KeyboardInterrupt

    for number in SIGNALS:
        signal.signal(number, on_signal)
    try:
        return await task
    except asyncio.CancelledError:
        if heard < 2:
            raise
        raise Interrupted(GO_ON) from None
