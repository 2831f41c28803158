"""What one trial said, kept in order and held to the protocol.

    hello -> uncollected* | collected+ -> phase* -> coverage? -> finish

or, at any point after hello, `interrupted` instead of the rest.

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
    Interrupted,
    MalformedMessage,
    Phase,
    Uncollected,
)

_MOST_FOREIGN = 1000
_MOST_UNCOLLECTED = 1000
_ORDER = {"setup": 0, "call": 1, "teardown": 2}


class Transcript:
    """Everything believable that a trial reported; `complaint` says what was not."""

    def __init__(self, nonce: str) -> None:
        self._nonce = nonce
        self._foreign = 0
        self.pid: int | None = None
        self.fault: str | None = None
        self.names: list[str] = []
        self.total: int | None = None
        self.uncollected: list[Uncollected] = []
        self.phases: dict[int, list[Phase]] = {}
        self.covered: Covered | None = None
        self.interrupted: Interrupted | None = None
        self.finished = False
        self.too_many_tests = False
        self.complaint: str | None = None

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
        if self.finished:
            raise MalformedMessage("after the finish")
        if self.pid is None:
            self._take_first(message, sender)
            return
        match message:
            case Collected():
                self._take_names(message)
            case Phase():
                self._take_phase(message)
            case Uncollected() if self.total is None and len(self.uncollected) < _MOST_UNCOLLECTED:
                self.uncollected.append(message)
            case Covered() if self.collected and self.covered is None:
                self.covered = message
            case Interrupted() if self.interrupted is None:
                self.interrupted = message
            case Finish() if self.collected and self._counts() == (message.tests, message.phases):
                self.finished = True
            case _:
                raise MalformedMessage(f"{type(message).__name__.lower()} out of turn")

    def _counts(self) -> tuple[int | None, int]:
        return self.total, sum(len(phases) for phases in self.phases.values())

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
        if self.total not in {None, message.total} or self.phases:
            raise MalformedMessage("names out of turn")
        self.total = message.total
        self.names.extend(message.names)
        if len(self.names) > self.total:
            raise MalformedMessage("more names than announced")

    def _take_phase(self, phase: Phase) -> None:
        if not self.collected or phase.test >= len(self.names):
            raise MalformedMessage("a phase of a test that was not collected")
        earlier = self.phases.get(phase.test, [])
        expected = _ORDER[earlier[-1].when] + 1 if earlier else 0
        if earlier and earlier[-1].when == "setup" and earlier[-1].outcome != "passed":
            # A test whose setup did not pass is not called.
            expected = _ORDER["teardown"]
        if _ORDER[phase.when] != expected:
            raise MalformedMessage("phases of a test out of order")
        self.phases[phase.test] = [*earlier, phase]
