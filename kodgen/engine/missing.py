"""Names the module that a verdict of `missing_dependency` is about."""

import re

REASON = "missing_dependency"
_SAID = re.compile(r"no module named '([^']+)' in the sandbox")


def missing_module(reason: str, message: str) -> str | None:
    """The module a trial's Python lacks; None where the reason is another."""
    if reason != REASON:
        return None
    said = _SAID.search(message)
    return said[1] if said is not None else "unknown"
