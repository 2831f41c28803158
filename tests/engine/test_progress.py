"""Progress: a bar on a terminal, plain lines elsewhere."""

import io

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
