"""What there is to know of seeds before a model is paid for: figures and examples."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kodgen.records import Rejected, Seed, content_hash
from kodgen.tokens import estimated_tokens

EXAMPLES = 3
"""Examples shown of each reason."""
SAMPLES = 3
"""Seeds shown."""


@dataclass(frozen=True, slots=True)
class Rejects:
    """What was turned away for one reason."""

    reason: str
    count: int
    examples: tuple[str, ...]
    """Where the first of them are and what is wrong there."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Seeds of a length."""

    least: int
    """Tokens of the shortest that belongs here."""
    below: int
    """Tokens of the shortest that is too long."""
    count: int


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long the seeds are, in characters; the bins are in tokens of about four."""

    least: int
    median: int
    longest_but_5_percent: int
    most: int
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Draws:
    """The questions that will be drawn from the seeds."""

    questions: int
    seeds_each: int
    """Seeds shown for one question; 0 if the method has none."""
    passes: float | None
    """How often each seed is used on average; None without seeds."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a subset or a source gives."""

    name: str
    read_as: tuple[str, ...]
    """What was read, a line for each source."""
    seeds: int
    rejected: tuple[Rejects, ...]
    """By reason, the most frequent first."""
    licenses: Mapping[str, int]
    """Seeds by licence, the most frequent first."""
    lengths: Lengths | None
    """None without seeds."""
    samples: tuple[Seed, ...]
    draws: Draws | None
    """None where no pipeline says how many."""

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        lengths = None if self.lengths is None else asdict(self.lengths)
        draws = None if self.draws is None else asdict(self.draws)
        return fields | {
            "rejected": [asdict(one) for one in self.rejected],
            "lengths": lengths,
            "samples": [seed.model_dump() for seed in self.samples],
            "draws": draws,
        }


def inspected(
    name: str,
    read_as: Sequence[str],
    seeds: Sequence[Seed],
    rejected: Sequence[Rejected],
    draws: Draws | None = None,
) -> Inspection:
    """Work out what is to be shown of seeds.

    The samples are chosen by a hash of their ids, so that they are the same every time and are
    not all of one place.
    """
    ordered = sorted(seeds, key=lambda seed: (content_hash("sample", seed.id, length=32), seed.id))
    return Inspection(
        name=name,
        read_as=tuple(read_as),
        seeds=len(seeds),
        rejected=_rejects(rejected),
        licenses=dict(_by_frequency(Counter(seed.license for seed in seeds))),
        lengths=_lengths([len(seed.text) for seed in seeds]),
        samples=tuple(ordered[:SAMPLES]),
        draws=draws,
    )


def _rejects(rejected: Sequence[Rejected]) -> tuple[Rejects, ...]:
    examples: dict[str, list[str]] = {}
    for one in rejected:
        examples.setdefault(one.reason, []).append(one.evidence)
    counted = _by_frequency(Counter({reason: len(found) for reason, found in examples.items()}))
    return tuple(Rejects(name, n, tuple(examples[name][:EXAMPLES])) for name, n in counted)


def _by_frequency(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _lengths(characters: list[int]) -> Lengths | None:
    if not characters:
        return None
    ordered = sorted(characters)
    last = len(ordered) - 1
    return Lengths(
        least=ordered[0],
        median=ordered[last // 2],
        longest_but_5_percent=ordered[last * 95 // 100],
        most=ordered[last],
        bins=_bins([estimated_tokens(number) for number in ordered]),
    )


def _bins(tokens: list[int]) -> tuple[Bin, ...]:
    """Bins that double, from that of the shortest to that of the longest, empty ones included."""
    counts = Counter(number.bit_length() for number in tokens)
    return tuple(
        Bin((1 << bits) >> 1, 1 << bits, counts[bits])
        for bits in range(min(counts), max(counts) + 1)
    )
