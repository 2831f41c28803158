"""Rows on their way through a sandbox: what is kept when it fails or the table breaks off."""

import asyncio
import io
import json

from kodgen.engine import tools
from kodgen.engine.progress import Progress
from kodgen.engine.verify.columns import Columns
from kodgen.engine.verify.journal import VerifyJournal
from kodgen.engine.verify.verifier import READ_AT_ONCE, Verifier
from kodgen.errors import InputError, SandboxFault
from kodgen.records import Verdict
from kodgen.tables.row import Row

PASSED = Verdict(outcome="passed", reason="", isolation="namespaces")
INFRA = Verdict(outcome="infra", reason="sandbox_fault", isolation="namespaces")


class Rows:
    """A table of rows whose solution is their number; it may break off."""

    name = "rows"

    def __init__(self, number, breaks=False):
        self.number = number
        self.breaks = breaks

    def rows(self, columns, optional=()):
        for n in range(self.number):
            yield Row(f"row {n + 1}", {"solution": str(n), "test": "t"})
        if self.breaks:
            raise InputError("the connection broke")

    def count(self):
        return None

    def identity(self):
        return {}


class Machine:
    """Runs nothing; says what it was asked, and fails on what it is told to."""

    def __init__(self, fails=frozenset()):
        self.fails = fails
        self.asked = []
        self.now = self.most = 0

    async def run(self, solution, test, _scrutiny=None):
        self.asked.append(int(solution))
        self.now += 1
        self.most = max(self.most, self.now)
        # Later rows are done before earlier ones.
        await asyncio.sleep(0.002 * (10 - int(solution) % 10))
        self.now -= 1
        return INFRA if int(solution) in self.fails else PASSED


def verify(path, rows, machine, at_once=8):
    """The error that ended it, and the rows that have a verdict afterwards."""
    with VerifyJournal(path, {"input": "rows"}, restart=False) as journal:
        verifier = Verifier(
            rows, Columns(), machine.run, journal, Progress("v", None, stream=io.StringIO())
        )
        try:
            asyncio.run(verifier.verify(at_once))
        except (SandboxFault, InputError) as error:
            return error, kept(path)
        return None, list(journal.verdicts())


def kept(path):
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return {line["row"] for line in lines if "row" in line}


def test_verdicts_come_in_the_order_of_the_rows_however_they_arrive(tmp_path):
    machine = Machine()
    error, verdicts = verify(tmp_path / "j", Rows(READ_AT_ONCE + 30), machine)
    assert error is None
    assert [verdict["id"] for verdict in verdicts] == [str(n) for n in range(READ_AT_ONCE + 30)]
    assert machine.most == 8


def test_a_sandbox_that_fails_stops_the_command_and_loses_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(tools, "INFRA_WAIT", 0.001)
    machine = Machine(fails={20})
    error, done = verify(tmp_path / "j", Rows(40), machine)
    assert "rows, row 21: the sandbox failed" in str(error)
    assert machine.asked.count(20) == 1 + tools.INFRA_RETRIES
    assert set(range(10)) <= done < set(range(40))
    mended = Machine()
    error, verdicts = verify(tmp_path / "j", Rows(40), mended)
    assert error is None
    assert len(verdicts) == 40
    assert set(mended.asked) == set(range(40)) - done


def test_a_table_that_breaks_off_keeps_the_rows_before(tmp_path):
    error, done = verify(tmp_path / "j", Rows(READ_AT_ONCE, breaks=True), Machine())
    assert str(error) == "the connection broke"
    error, verdicts = verify(tmp_path / "j", Rows(READ_AT_ONCE + 5), Machine())
    assert error is None
    assert len(verdicts) == READ_AT_ONCE + 5
    assert done < set(range(READ_AT_ONCE))


def test_nothing_is_left_where_nothing_was_done(tmp_path):
    error, verdicts = verify(tmp_path / "j", Rows(0), Machine())
    assert (error, verdicts) == (None, [])
    assert not (tmp_path / "j").exists()
