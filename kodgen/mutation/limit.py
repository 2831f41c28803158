"""How long a mutant may run: many loop for ever, and each costs its whole limit."""

import math

from kodgen.records import Verdict

_TIMES = 5
"""As slow as a mutant may be, of what the solution takes: a measured time is seen to double when
the machine is busy, and a mutant that gives the same outputs more slowly is not to be killed for
it. PIT allows 1.25 times and 4 s; those seconds are what endless loops would cost here."""
_PROBE_TIMES = 3
"""Writing down what is called, for what the tests call without end."""


def seconds(verdict: Verdict) -> int:
    """CPU seconds for a mutant, from the verdict of its solution; whole ones, as a limit counts.

    At least 1, which is 20 times what a pair of recorded real ones takes at the median.
    """
    used = verdict.observed.cpu_seconds if verdict.observed is not None else 0.0
    return max(1, math.ceil(_TIMES * used))


def probe_seconds(limit: int) -> int:
    """CPU seconds for a run in which calls are written down."""
    return _PROBE_TIMES * limit
