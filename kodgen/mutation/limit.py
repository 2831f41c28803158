"""How long a mutant may run: many loop for ever, and each costs its whole limit."""

import math

from kodgen.records import Verdict

_TIMES = 5
"""As slow as a mutant may be, of what the solution takes: a mutant that gives the same outputs
somewhat more slowly, or is measured while the machine is busy, is not to be killed for it."""
_PROBE_TIMES = 3
"""Writing down what is called, for what the tests call without end."""


def seconds(verdict: Verdict) -> int:
    """CPU seconds for a mutant, from the verdict of its solution; whole ones, as a limit counts.

    At least 1: of 43 recorded pairs the median takes 0.02 s and all but two less than a fifth.
    """
    used = verdict.observed.cpu_seconds if verdict.observed is not None else 0.0
    return max(1, math.ceil(_TIMES * used))


def probe_seconds(limit: int) -> int:
    """CPU seconds for a run in which calls are written down."""
    return _PROBE_TIMES * limit
