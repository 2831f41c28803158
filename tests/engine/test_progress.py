"""Progress: a bar on a terminal, plain lines elsewhere."""

import asyncio
import io

import pytest

from kodgen.engine import progress as progress_module
from kodgen.engine.progress import Progress
from kodgen.engine.store.completions import Tokens

KEPT = {"kept": [{}], "rejected": [], "trials": []}
REJECTED = {"kept": [], "rejected": [{}], "trials": []}


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_plain_lines_where_there_is_no_terminal():
    stream = io.StringIO()
    with Progress("solve", 4, Tokens(1000, 20), stream) as progress:
        progress.finished(KEPT)
        progress.finished(REJECTED)
        progress.recalled(KEPT)
    (line,) = stream.getvalue().splitlines()
    assert line.startswith("solve: 3/4, 2 accepted, 1 rejected, tokens 1,000 in 20 out, ")
    assert line.endswith(" s")
    assert "rows/s, ETA " in line


def test_a_bar_on_a_terminal():
    stream = Terminal()
    with Progress("solve", 2, Tokens(1000, 20), stream) as progress:
        progress.finished(KEPT)
        progress.finished(REJECTED)
    shown = stream.getvalue().rsplit("\r", 1)[-1]
    assert "solve: 100%" in shown
    assert "2/2" in shown
    assert "1 accepted, 1 rejected, tokens 1,000 in 20 out" in shown


def test_rows_of_an_earlier_run_are_no_part_of_the_rate():
    stream = io.StringIO()
    with Progress("solve", 1000, stream=stream) as progress:
        for _ in range(500):
            progress.recalled(KEPT)
    assert "500/1000, 500 accepted" in stream.getvalue()
    assert "0.0 rows/s" in stream.getvalue()
    assert "ETA" not in stream.getvalue()


def test_what_is_enough_sets_the_time_left():
    stream = io.StringIO()
    with Progress("solve", 1000, stream=stream, wanted=3) as progress:
        progress.finished(KEPT)
        progress.finished(REJECTED)
        status = progress.status()
        # One of two is accepted: two more take as long as four rows.
        assert status.left_seconds == pytest.approx(4 / status.rows_per_second)
    assert "solve: 2/1000, 1 of 3 accepted, 1 rejected" in stream.getvalue()


def test_a_bar_moves_though_no_row_is_done(monkeypatch):
    monkeypatch.setattr(progress_module, "TICK_SECONDS", 0.01)
    stream, tokens = Terminal(), Tokens(1000, 20)

    async def work():
        with Progress("solve", 100, tokens, stream) as progress:
            progress.finished(KEPT | {"trials": [{"verdict": {"outcome": "passed"}}] * 3})
            for _ in range(60):
                await asyncio.sleep(0.02)
                tokens.prompt += 1000
                tokens.completion += 1000

    asyncio.run(work())
    shown = stream.getvalue().split("\r")
    assert any("1 accepted, 0 rejected, tokens/s " in one for one in shown)
    assert any("attempts 3x1" in one for one in shown)
    assert len({one for one in shown if "solve" in one}) > 5
