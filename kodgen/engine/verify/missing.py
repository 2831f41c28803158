"""Names the module that a verdict of `missing_dependency` is about."""

import re

from kodgen.records import Verdict

REASON = "missing_dependency"
_SAID = re.compile(r"no module named '([^']+)' in the sandbox")


def missing_in(verdict: Verdict) -> str | None:
    """The module that the trial of a verdict lacked; None where it lacked none."""
    seen = verdict.observed
    return missing_module(verdict.reason, seen.message if seen is not None else "")


def missing_module(reason: str, message: str) -> str | None:
    """The module a trial's Python lacks; None where the reason is another."""
    if reason != REASON:
        return None
    said = _SAID.search(message)
    return said[1] if said is not None else "unknown"
