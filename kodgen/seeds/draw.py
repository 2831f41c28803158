"""Drawing seeds for questions: seeded, and independent of the order the seeds came in."""

from collections import Counter, deque
from collections.abc import Iterator, Sequence

from kodgen.config import Subset
from kodgen.errors import ConfigError
from kodgen.records import Draw, Seed, content_hash, question_id


def draw(subset: Subset, seeds: Sequence[Seed], run_seed: int) -> list[Draw]:
    """Draw the seeds of every question of a subset.

    Seeds are drawn without replacement within a pass over all of them; each further pass has an
    order of its own. A question from several seeds names them in the order of their ids, and
    `sample` counts the questions that have the same seeds. Questions brought by the user are
    taken once each, a prefill has no seeds.

    Args:
        subset: Method, `count` (one question per seed if null) and `shots` are read from it.
        seeds: All seeds of the subset, in any order.
        run_seed: Drives the order of drawing.

    Returns:
        One draw per question, their ids all different.

    Raises:
        ConfigError: A question is to show more seeds than there are.
    """
    if subset.method == "prefill":
        return [_draw(subset, (), sample) for sample in range(subset.count or 0)]
    ordered = sorted(seeds, key=lambda seed: (seed.id, seed.license, seed.origin))
    if subset.method == "given":
        return _numbered(subset, [(seed,) for seed in ordered])
    pool = list({seed.id: seed for seed in reversed(ordered)}.values())
    if not pool:
        return []
    if subset.shots > len(pool):
        raise ConfigError(
            f"subset {subset.name!r}: `shots` asks for {subset.shots} different seeds a question, "
            f"but its source has {len(pool)}; lower `shots` or add seeds"
        )
    groups = _groups(pool, subset.shots, f"{run_seed}/{subset.name}")
    wanted = subset.count if subset.count is not None else len(pool)
    return _numbered(subset, [next(groups) for _ in range(wanted)])


def _groups(pool: list[Seed], shots: int, key: str) -> Iterator[tuple[Seed, ...]]:
    # Ordering by a hash of seed and pass is a shuffle that no Python version can change.
    pass_number = 0
    rest: deque[Seed] = deque()
    while True:
        group = [rest.popleft() for _ in range(min(shots, len(rest)))]
        if len(group) < shots:
            pass_key = f"{key}/{pass_number}"
            pass_number += 1
            fresh = sorted(pool, key=lambda seed: content_hash(pass_key, seed.id, length=32))
            taken = {seed.id for seed in group}
            group += [seed for seed in fresh if seed.id not in taken][: shots - len(group)]
            used = {seed.id for seed in group} - taken
            rest.extend(seed for seed in fresh if seed.id not in used)
        yield tuple(sorted(group, key=lambda seed: seed.id))


def _numbered(subset: Subset, groups: list[tuple[Seed, ...]]) -> list[Draw]:
    seen: Counter[tuple[str, ...]] = Counter()
    draws = []
    for group in groups:
        ids = tuple(seed.id for seed in group)
        draws.append(_draw(subset, group, seen[ids]))
        seen[ids] += 1
    return draws


def _draw(subset: Subset, seeds: tuple[Seed, ...], sample: int) -> Draw:
    return Draw(
        id=question_id(subset.name, subset.method, [seed.id for seed in seeds], sample),
        subset=subset.name,
        method=subset.method,
        sample=sample,
        seeds=seeds,
    )
