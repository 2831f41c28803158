"""How strong tests are: the share of small faults in the solution that they notice.

The mutation score (DeMillo, Lipton and Sayward, Hints on Test Data Selection, 1978) is
killed / (mutants - equivalent), and which mutants are equivalent can't be decided. Here those
count that are known not to be: score = killed / (killed + survived), where a survivor gave other
outputs in the very calls that the tests make, and the tests let it pass. So a low score says that
the tests check too little of what they call.

It is a little low for tests that rightly accept several answers, and for classes: whatever public
attributes an object has count as output, which tests may have no business with. And it does not
say that tests call enough: a mutant that differs only for inputs that no test has is `indistinct`,
as one that differs for none. With them, killed / (killed + survived + indistinct) is the classical
score with nothing known of equivalence, too low by those that are equivalent. It can be had from
the record as well. Measured on 39 recorded pairs (`tests/perf/mutation.py`): tests made to look at
types alone bring the mean score from 0.96 to 0.53; tests cut off after their first check leave it
at 0.94, and bring the classical one from 0.88 to 0.70.
"""

from collections.abc import Sequence

from kodgen.mutation.drawing import Drawn
from kodgen.records import Mutant, TestStrength


def strength(
    drawn: Drawn, killed: int, unnoticed: Sequence[Mutant], differs: Sequence[bool | None]
) -> TestStrength:
    """What is recorded of tests.

    Args:
        drawn: The mutants, and those that were not run.
        killed: How many of them the tests noticed.
        unnoticed: The others.
        differs: Of each of the others, whether its outputs differ; None if that can't be told.
    """
    survived = tuple(one for one, other in zip(unnoticed, differs, strict=True) if other)
    told = killed + len(survived)
    return TestStrength(
        score=round(killed / told, 4) if told else None,
        killed=killed,
        survived=tuple(sorted(survived, key=lambda one: (one.line, one.operator, one.mutated))),
        indistinct=sum(other is False for other in differs),
        untold=sum(other is None for other in differs),
        equivalent=drawn.equivalent,
        not_run=drawn.not_run,
    )
