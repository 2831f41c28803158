"""One run of a trial: confined, it collects and runs the tests, reports, and ends at once."""

import os
import random
import signal
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from . import almanac, apart, callee, clock, kernel, variants
from .channel import Channel
from .confine import become_trial, close_all_but
from .finder import Finder
from .imports import Imports
from .integrity import Snapshot
from .measure import Coverage
from .preload import preload, reseed
from .probe import Hook
from .rehearsal import borrowed, rehearse
from .reporter import Reporter, describe
from .seccomp import Filter
from .session import Runner
from .settings import ISOLATED, Order, Settings
from .sources import Line, Sources
from .world import World

if TYPE_CHECKING:
    from collections.abc import Callable

SPLIT = "split"
"""The kind of run whose solution is in a process of its own."""
FILES = ("solution.py", "test_solution.py")
_MOST_CHANGED = 20


def _first_to_go() -> None:
    """Have the kernel pick this process when memory runs out, before the fork server."""
    # The file belongs to root while the process is not dumpable.
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)
    try:
        descriptor = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
        os.write(descriptor, b"1000")
        os.close(descriptor)
    except OSError as error:
        sys.stderr.write(f"oom_score_adj: {error}\n")
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)


def _limits(settings: Settings, order: Order) -> Settings:
    if not order.cpu_seconds:
        return settings
    return replace(settings, cpu_seconds=min(order.cpu_seconds, settings.cpu_seconds))


class Prepared:
    """All that a run needs and that can be made before the fork."""

    def __init__(self, settings: Settings, world: World) -> None:
        self.settings = settings
        self.world = world
        self.layout = layout = world.layout
        clock.steady()
        with borrowed(layout.work, isolated=layout == ISOLATED):
            preload(settings.preload)
        self.base_bytes = _address_space()
        self.others = 0
        """Processes and threads that count against the same limit as a run's."""
        self.filter = Filter(world.policy)
        self.coverage = Coverage(f"{layout.source}/solution.py") if settings.coverage else None
        rehearse(layout, self.coverage)
        self.reporter = Reporter()
        self.runner = Runner(layout, self.reporter)
        self.snapshot = Snapshot()
        if self.runner.config is not None:
            self.snapshot.watch(self.runner.config)

    def run(
        self,
        order: Order,
        channel: Channel,
        channel_fd: int,
        sources: Sources,
        line: Line | None,
    ) -> None:
        """Make the run in this process, which does not outlive it.

        Args:
            order: What to do.
            channel: To report on.
            channel_fd: Its descriptor.
            sources: The two files.
            line: To the solution's process, in a split run.
        """
        channel.claim()
        try:
            if line is None:
                read = sources.read
                texts = read(sources.solution), read(sources.test)
                self.world.place(dict(zip(FILES, texts, strict=True)))
                self._confine(order, channel_fd)
            else:
                line.wait()
                test = sources.read(sources.test)
                self._confine(order, *sorted((channel_fd, line.sock.fileno())))
                apart.install(self.layout.source, test, line.sock, order.names)
        except OSError as error:
            channel.send("fault", message=str(error)[:1000])
            return
        leave: Callable[[int], None] = os._exit
        try:
            channel.send("hello")
            self._follow(order, channel)
        finally:
            # At once: no exit handlers, no waiting for threads that were left running.
            leave(0)

    def serve(self, order: Order, sources: Sources, line: Line) -> None:
        """Be the solution's process of a split run; the tests are never seen here."""
        solution = sources.read(sources.solution)
        self.world.place(dict(zip(FILES, (solution, b""), strict=True)))
        line.tell()
        self._confine(order, line.sock.fileno())
        callee.serve(line.sock, f"{self.layout.source}/solution.py")

    def _confine(self, order: Order, *kept: int) -> None:
        """Give up all that a run may not have; of the open files, all but `kept`."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.setsid()
        _first_to_go()
        self.world.enter_run()
        close_all_but(*kept)
        os.chdir(self.layout.work)
        os.environ.update(HOME=self.layout.work, TMPDIR=self.layout.tmp)
        tempfile.tempdir = None
        limits = _limits(self.settings, order)
        limits = replace(limits, processes=limits.processes + self.others)
        become_trial(limits, self.filter, self.base_bytes)
        random.seed(order.random_seed)
        reseed(order.random_seed)

    def _follow(self, order: Order, channel: Channel) -> None:
        self.reporter.channel = channel
        if order.hurried:
            clock.hurry()
            almanac.shift()
        finder = None
        for kind in order.kinds:
            if kind in variants.KINDS:
                finder = self._become(kind, finder)
            self.reporter.begin(reorder=order.reorder, stop_at_failure=kind.startswith("stub"))
            try:
                self._judge(kind, order, channel)
            except BaseException as error:  # noqa: BLE001 - whatever ended the session is reported
                channel.send("interrupted", **describe(error))

    def _become(self, kind: str, before: Finder | None) -> Finder:
        """Have one of the two files be imported anew, in another form."""
        if before is not None:
            sys.meta_path.remove(before)
        for name in ("solution", "test_solution"):
            sys.modules.pop(name, None)
        self.reporter.hook = Hook()
        return variants.install(self.layout.source, kind, self.reporter.hook)

    def _judge(self, kind: str, order: Order, channel: Channel) -> None:
        reporter = self.reporter
        coverage = self.coverage if order.coverage else None
        if coverage is not None:
            coverage.start()
        alive, imports = threading.active_count, Imports()
        self.runner.run()
        intruders = imports.changed()
        if coverage is not None:
            measured = coverage.stop()
            if measured is not None:
                channel.send("coverage", executed=measured[0], statements=measured[1])
        if kind == "tests":
            changed = [*intruders, *self._changed(order)]
            channel.send("integrity", changed=changed[:_MOST_CHANGED])
        elif kind == SPLIT:
            channel.send("split", **apart.outcome())
        tests, reports = len(reporter.items), reporter.reports
        channel.send("finish", tests=tests, reports=reports, threads=alive() - 1)

    def _changed(self, order: Order) -> list[str]:
        ours = ("time.", "datetime.") if order.hurried else ()
        return [name for name in self.snapshot.changed() if not name.startswith(ours)]


def _address_space() -> int:
    """Bytes mapped so far; a run's own come on top."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")
