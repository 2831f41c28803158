"""The trial itself: confined, it collects and runs the tests, reports, and ends at once."""

import os
import random
import signal
import tempfile

from .channel import Channel
from .confine import become_trial, close_all_but
from .measure import Coverage
from .rehearsal import rehearse
from .reporter import Reporter, describe
from .seccomp import Filter
from .session import Runner
from .settings import Layout, Settings

RANDOM_SEED = 0


class Prepared:
    """All that a trial needs and that can be made before the fork."""

    def __init__(self, settings: Settings, layout: Layout, base_bytes: int) -> None:
        self.settings = settings
        self.layout = layout
        self.base_bytes = base_bytes
        self.filter = Filter()
        self.coverage = Coverage(f"{layout.source}/solution.py") if settings.coverage else None
        rehearse(layout, self.coverage)
        self.reporter = Reporter()
        self.runner = Runner(layout, self.reporter)

    def run(self, channel: Channel, channel_fd: int) -> None:
        """Run the trial in this process, which does not outlive it."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.setsid()
        close_all_but(channel_fd)
        os.chdir(self.layout.work)
        os.environ.update(HOME=self.layout.work, TMPDIR=self.layout.tmp)
        tempfile.tempdir = None
        become_trial(self.settings, self.filter, self.base_bytes)
        random.seed(RANDOM_SEED)
        channel.claim()
        self.reporter.channel = channel
        leave = os._exit
        try:
            channel.send("hello")
            self._judge(channel)
        except BaseException as error:  # noqa: BLE001 - whatever ended the session is reported
            channel.send("interrupted", **describe(error))
        finally:
            # At once: no exit handlers, no waiting for threads that were left running.
            leave(0)

    def _judge(self, channel: Channel) -> None:
        if self.coverage is not None:
            self.coverage.start()
        self.runner.run()
        if self.coverage is not None:
            measured = self.coverage.stop()
            if measured is not None:
                channel.send("coverage", executed=measured[0], statements=measured[1])
        reporter = self.reporter
        channel.send("finish", tests=len(reporter.items), phases=reporter.phases)
