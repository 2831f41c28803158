"""What `verify` found in all, counted from the rows it wrote."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kodgen.engine.verify.missing import REASON, missing_module

MOST_NAMES = 1000
"""Names of missing modules that are told apart: they come from untrusted code, and may be many."""
REST = "(others)"
SHOWN = 10
"""Names of a kind on a terminal."""


class Summary:
    """Counts over verdict rows, in memory that does not grow with them."""

    def __init__(self) -> None:
        self.rows = 0
        self._reasons: dict[str, Counter[str]] = {}
        self._missing: Counter[str] = Counter()
        self._flags: Counter[str] = Counter()
        self._isolation: Counter[str] = Counter()
        self._covered = 0.0
        self._measured = 0

    def counting(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Pass rows on, counting each."""
        for row in rows:
            self._add(row)
            yield row

    def _add(self, row: Mapping[str, Any]) -> None:
        self.rows += 1
        outcome, reason = row["outcome"], row["reason"]
        self._reasons.setdefault(outcome, Counter())[reason] += 1
        self._flags.update(row["flags"])
        self._isolation[row["isolation"]] += 1
        name = missing_module(reason, row["message"])
        if name is not None:
            known = name in self._missing or len(self._missing) < MOST_NAMES
            self._missing[name if known else REST] += 1
        if outcome == "passed" and row["coverage"] is not None:
            self._covered += row["coverage"]
            self._measured += 1

    def data(self) -> dict[str, Any]:
        """All counts, the most frequent first; `coverage` is the mean over passes, in percent."""
        outcomes = _ranked(
            Counter({outcome: said.total() for outcome, said in self._reasons.items()})
        )
        reasons = {
            outcome: {reason: n for reason, n in _ranked(self._reasons[outcome]).items() if reason}
            for outcome in outcomes
        }
        return {
            "rows": self.rows,
            "outcomes": outcomes,
            "reasons": {outcome: said for outcome, said in reasons.items() if said},
            "missing_modules": _ranked(self._missing),
            "flags": _ranked(self._flags),
            "isolation": _ranked(self._isolation),
            "coverage": round(self._covered / self._measured, 2) if self._measured else None,
        }


def summary_lines(report: Mapping[str, Any]) -> list[str]:
    """A report, as `Verified.as_dict` gives it, for a terminal: counts, where they are from, next.

    A line per outcome, below it why; then what else was seen.
    """
    lines = []
    for outcome, count in report["outcomes"].items():
        lines.append(f"{outcome:<27}{count:>10,}")
        for reason, number in report["reasons"].get(outcome, {}).items():
            names = f"  {_counts(report['missing_modules'])}" if reason == REASON else ""
            lines.append(f"  {reason:<25}{number:>10,}{names}")
    if report["flags"]:
        lines.append(f"flags: {_counts(report['flags'])}")
    lines.append(f"isolation: {_counts(report['isolation'])}")
    if report["coverage"] is not None:
        lines.append(f"coverage: {report['coverage']:.1f} % on average over what passed")
    lines += ["", _speed(report), f"Verdicts, one per row in the rows' order: {report['output']}"]
    if report["environment"] is not None:
        lines.append(f"What they ran on: {report['environment']}")
    if report["missing_modules"]:
        lines.append(
            "Modules were missing: if they are packages, name a Python that has them, pytest and "
            "coverage with --python"
        )
    return lines


def _speed(report: Mapping[str, Any]) -> str:
    before = report["rows"] - report["verified_now"]
    told = f", {before:,} were done before" if before else ""
    rate = report["rows_per_second"] or 0.0
    return f"{report['verified_now']:,} rows in {report['seconds']:.1f} s ({rate:.1f}/s){told}"


def _counts(counts: Mapping[str, int]) -> str:
    names = [f"{name} {count:,}" for name, count in counts.items()]
    return ", ".join(names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")


def _ranked(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
