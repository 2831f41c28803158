"""Which mutants are run where there are more than the budget allows."""

from collections import Counter
from collections.abc import Iterator, Sequence

from kodgen.mutation.candidates import Candidate
from kodgen.mutation.source import Source
from kodgen.records import content_hash


def in_turns(found: Sequence[Candidate], source: Source, seed: int) -> Iterator[Candidate]:
    """All candidates: one of each operator in turn, each from the line least drawn from so far.

    Drawn alike, three in ten would change a constant, as there are most of these to change, and
    the rare operators would hardly be seen. Ties are broken by a hash of the seed, so that neither
    the first line nor the first operator is preferred, and the same seed draws the same.

    Args:
        found: Candidates.
        source: What they change.
        seed: Of this draw alone.
    """

    def lot(*parts: object) -> str:
        return content_hash(str(seed), *map(str, parts))

    groups: dict[str, list[tuple[str, int, Candidate]]] = {}
    for one in found:
        edit = one.edit
        drawn = lot(one.operator, edit.start, edit.end, edit.text)
        groups.setdefault(one.operator, []).append((drawn, source.line_of(edit.start), one))
    uses: Counter[int] = Counter()
    turns = [groups[name] for name in sorted(groups, key=lot)]
    while turns:
        for group in turns:
            best = min(group, key=lambda lot: (uses[lot[1]], lot[0]))
            group.remove(best)
            uses[best[1]] += 1
            yield best[2]
        turns = [group for group in turns if group]
