"""The questions that took longest, and those that failed most."""

from kodgen.report.run.values import Extreme, RunValues
from kodgen.report.run.view import Cell, Panel, Section, Table, excerpt, ranked
from kodgen.report.telling import readable


def section(run: RunValues) -> Section:
    """A table of each."""
    panels = []
    heads = ["Question", "text", "result", "passed", "failed for"]
    for title, told, found in (
        ("Slowest questions", "By the slowest of their attempts, on the clock.", run.slowest),
        ("Questions that failed most often", "By attempts that did not pass.", run.failing),
    ):
        if found:
            timed = "seconds" if any(one.seconds is not None for one in found) else ""
            columns = [*heads, timed] if timed else heads
            rows = [_extreme(one, timed=bool(timed)) for one in found]
            panels.append(Panel(None, told, [Table(title, columns, rows, numbers=False)]))
    return Section(
        "extremes", "Slowest and most failing", "", panels, "No question was attempted yet."
    )


def _extreme(one: Extreme, *, timed: bool) -> list[str | Cell]:
    told = {reason.replace("_", " "): times for reason, times in one.reasons.items()}
    reasons = ", ".join(f"{reason} {told[reason]}" for reason in ranked(told))
    found: list[str | Cell] = [
        Cell(readable(one.id), one.id),
        excerpt(one.text),
        "verified" if one.kept else "rejected",
        f"{one.passed} of {one.attempts}",
        reasons or "nothing",
    ]
    if timed:
        found.append("" if one.seconds is None else f"{one.seconds:.2f}")
    return found
