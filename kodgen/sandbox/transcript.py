"""What one run said, kept in order and held to the protocol.

    hello -> uncollected* | collected+ -> test* -> coverage? -> integrity? -> split? -> finish

or, at any point after hello, `interrupted` instead of the rest. A run that runs the tests several
times says all but the hello again.

Only the process that said hello is heard: the channel is new for each trial, and hello is said
before any untrusted code runs, so its sender (attested by the kernel) is the trial itself.
"""

from kodgen.sandbox import messages
from kodgen.sandbox.messages import (
    Collected,
    Covered,
    Fault,
    Finish,
    Hello,
    Integrity,
    Interrupted,
    MalformedMessage,
    Reported,
    Split,
    Uncollected,
)

_MOST_FOREIGN = 1000
_MOST_UNCOLLECTED = 1000


class Transcript:
    """Everything believable that a run reported; `complaint` says what was not."""

    def __init__(self, nonce: str) -> None:
        self._nonce = nonce
        self._foreign = 0
        self.pid: int | None = None
        self.fault: str | None = None
        self.names: list[str] = []
        self.total: int | None = None
        self.uncollected: list[Uncollected] = []
        self.tests: dict[int, Reported] = {}
        self.covered: Covered | None = None
        self.integrity: Integrity | None = None
        self.split: Split | None = None
        self.interrupted: Interrupted | None = None
        self.finish: Finish | None = None
        self.too_many_tests = False
        self.complaint: str | None = None

    def sequel(self) -> "Transcript":
        """The transcript of what the same process says next, once this one has ended."""
        following = Transcript(self._nonce)
        following.pid = self.pid
        return following

    @property
    def ended(self) -> bool:
        """Whether nothing more belongs to it."""
        return self.finished or self.interrupted is not None

    @property
    def finished(self) -> bool:
        """Whether it came to its end, by its own account."""
        return self.finish is not None

    @property
    def collected(self) -> bool:
        """Whether the names of all collected tests are known."""
        return self.total is not None and len(self.names) == self.total

    def hear(self, datagram: bytes, sender: int) -> None:
        """Take in one datagram that the kernel says came from process `sender`."""
        if self.complaint is not None:
            return
        if self.pid is not None and sender != self.pid:
            # Children of a trial inherit the channel; what they say is noise, up to a point.
            self._foreign += 1
            if self._foreign > _MOST_FOREIGN:
                self.complaint = "flooded"
            return
        try:
            self._take(messages.decode(datagram, self._nonce), sender)
        except MalformedMessage as error:
            self.complaint = f"malformed: {error}"

    def _take(self, message: messages.Message, sender: int) -> None:
        if self.ended:
            raise MalformedMessage("after the end")
        if self.pid is None:
            self._take_first(message, sender)
            return
        match message:
            case Collected():
                self._take_names(message)
            case Reported():
                self._take_test(message)
            case Uncollected() if self.total is None and len(self.uncollected) < _MOST_UNCOLLECTED:
                self.uncollected.append(message)
            case Interrupted():
                self.interrupted = message
            case _ if self.collected:
                self._take_last(message)
            case _:
                raise MalformedMessage(f"{type(message).__name__.lower()} out of turn")

    def _take_last(self, message: messages.Message) -> None:
        """What is said once, when the tests have run."""
        match message:
            case Covered() if self.covered is None:
                self.covered = message
            case Integrity() if self.integrity is None:
                self.integrity = message
            case Split() if self.split is None:
                self.split = message
            case Finish() if self._counts() == (message.tests, message.reports):
                self.finish = message
            case _:
                raise MalformedMessage(f"{type(message).__name__.lower()} out of turn")

    def _counts(self) -> tuple[int | None, int]:
        return self.total, len(self.tests)

    def _take_first(self, message: messages.Message, sender: int) -> None:
        match message:
            case Hello():
                self.pid = sender
            case Fault():
                self.fault = message.message
            case _:
                raise MalformedMessage("anything before hello")

    def _take_names(self, message: Collected) -> None:
        if message.total > messages.MOST_TESTS:
            self.too_many_tests = True
            raise MalformedMessage("more tests than anyone writes")
        if self.total not in {None, message.total} or self.tests:
            raise MalformedMessage("names out of turn")
        self.total = message.total
        self.names.extend(message.names)
        if len(self.names) > self.total:
            raise MalformedMessage("more names than announced")

    def _take_test(self, test: Reported) -> None:
        if not self.collected or test.test >= len(self.names):
            raise MalformedMessage("a test that was not collected")
        if test.test in self.tests:
            raise MalformedMessage("a test that reported before")
        # A test whose setup did not pass is not called.
        if (test.call != "") != (test.setup == "passed"):
            raise MalformedMessage("phases of a test that do not go together")
        self.tests[test.test] = test
