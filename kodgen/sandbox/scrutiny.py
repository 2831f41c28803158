"""How closely a run is looked at: what else has to hold for a pass."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scrutiny:
    """What a trial is put through.

    Args:
        plain: Run the tests once and believe them: no coverage, no rules, no control, stub or
            split run. For code that was looked at in full before, and for mutants of it.
        reruns: Times that a pass must hold under another hash seed, order and clock; as the
            sandbox's settings say if None. Counts in a plain run too.
        cpu_seconds: CPU time that each run of the tests may use, where that is less than the
            sandbox's settings allow; as they say if None. The time on the clock shrinks with it.
    """

    plain: bool = False
    reruns: int | None = None
    cpu_seconds: int | None = None


FULL = Scrutiny()
"""As the sandbox's settings say."""
PLAIN = Scrutiny(plain=True, reruns=0)
"""One run and no more."""
