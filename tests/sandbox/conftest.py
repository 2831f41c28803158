"""A sandbox on an event loop in a thread of its own, as it is inside a Ray actor."""

import asyncio
import shutil
import tempfile
import threading
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from kodgen import config
from kodgen.records import Verdict
from kodgen.sandbox import Sandbox

T = TypeVar("T")


class Bench:
    """A started sandbox for tests that are not coroutines."""

    def __init__(self, limits: config.Sandbox) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.sandbox = Sandbox(limits)
        try:
            self.wait(self.sandbox.start())
        except BaseException:
            self.close()
            raise

    def wait(self, coroutine: Coroutine[Any, Any, T], seconds: float = 120) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(seconds)

    def run(self, solution: str, test: str) -> Verdict:
        return self.wait(self.sandbox.run(solution, test))

    def run_all(self, pairs: list[tuple[str, str]], seconds: float = 120) -> list[Verdict]:
        async def together() -> list[Verdict]:
            return await asyncio.gather(*(self.sandbox.run(*pair) for pair in pairs))

        return self.wait(together(), seconds)

    def close(self) -> None:
        self.wait(self.sandbox.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    """A limit of CPU time that tests of it reach soon, on a machine that is busy too."""
    limits = config.Sandbox(workers=2, cpu_seconds=2, wall_seconds=30, memory_mb=512)
    bench = Bench(limits)
    yield bench
    bench.close()


@pytest.fixture(scope="session")
def brief_bench() -> Iterator[Bench]:
    """For what runs into its limit of time."""
    bench = Bench(config.Sandbox(workers=1, cpu_seconds=2, wall_seconds=3, memory_mb=512))
    yield bench
    bench.close()


@pytest.fixture(scope="session")
def patient_bench() -> Iterator[Bench]:
    """Limits wide enough for attacks that take their time."""
    limits = config.Sandbox(workers=2, cpu_seconds=6, wall_seconds=9, memory_mb=512)
    bench = Bench(limits)
    yield bench
    bench.close()


@pytest.fixture
def open_path() -> Iterator[Path]:
    """A folder that every user may enter and write to.

    Folders of pytest are one user's, and every session of that user closes them again.
    """
    folder = Path(tempfile.mkdtemp(prefix="kodgen-open-"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)
