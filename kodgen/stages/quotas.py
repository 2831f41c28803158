"""Fills quotas of subsets and of difficulties at once, as far as the questions allow."""

from collections import Counter, defaultdict, deque
from collections.abc import Mapping

Cell = tuple[str, str]
"""Subset and difficulty."""


def within_quotas(
    questions: Mapping[str, Cell],
    per_subset: Mapping[str, int],
    per_difficulty: Mapping[str, int],
) -> frozenset[str]:
    """The questions that stay: as many as the quotas let, the first ones of each cell.

    They are taken in order while both their quotas have room. Where that left room that other
    questions could fill (a difficulty used up by subsets that had others to offer), a question of
    one cell is given up for one of another, along a shortest augmenting path of the flow from
    subsets to difficulties (Edmonds and Karp, 1972), until no more fit.

    Args:
        questions: Cell of each question, in the order in which quotas are filled.
        per_subset: Most questions of a subset; no bound if it is not named.
        per_difficulty: Likewise.
    """
    cells: defaultdict[Cell, list[str]] = defaultdict(list)
    for question, cell in questions.items():
        cells[cell].append(question)
    taken = _in_order(questions, per_subset, per_difficulty)
    while path := _augmenting(cells, taken, per_subset, per_difficulty):
        count = _most_along(path, cells, taken, per_subset, per_difficulty)
        for step, cell in enumerate(path):
            taken[cell] += -count if step % 2 else count
    return frozenset(
        question for cell, members in cells.items() for question in members[: taken[cell]]
    )


def _in_order(
    questions: Mapping[str, Cell],
    per_subset: Mapping[str, int],
    per_difficulty: Mapping[str, int],
) -> Counter[Cell]:
    taken = Counter[Cell]()
    subsets, levels = Counter[str](), Counter[str]()
    for subset, level in questions.values():
        if _room(subsets[subset], per_subset.get(subset)) and _room(
            levels[level], per_difficulty.get(level)
        ):
            taken[subset, level] += 1
            subsets[subset] += 1
            levels[level] += 1
    return taken


def _augmenting(
    cells: Mapping[Cell, list[str]],
    taken: Counter[Cell],
    per_subset: Mapping[str, int],
    per_difficulty: Mapping[str, int],
) -> list[Cell]:
    """Cells to take one more of, one less of, and so on, for one question more; empty if none.

    Such a path leads from a subset with room to a difficulty with room; on the way, a difficulty
    without any gives up a question of another subset, which then has room.
    """
    subsets, levels = _totals(taken)
    begins = sorted(
        {subset for subset, _ in cells if _room(subsets[subset], per_subset.get(subset))}
    )
    paths: deque[tuple[str, list[Cell]]] = deque((subset, []) for subset in begins)
    seen = set(begins)
    passed: set[str] = set()
    while paths:
        subset, path = paths.popleft()
        for cell in sorted(cells):
            level = cell[1]
            if cell[0] != subset or level in passed or taken[cell] >= len(cells[cell]):
                continue
            if _room(levels[level], per_difficulty.get(level)):
                return [*path, cell]
            passed.add(level)
            for other in sorted(cells):
                if other[1] == level and other[0] not in seen and taken[other]:
                    seen.add(other[0])
                    paths.append((other[0], [*path, cell, other]))
    return []


def _most_along(
    path: list[Cell],
    cells: Mapping[Cell, list[str]],
    taken: Counter[Cell],
    per_subset: Mapping[str, int],
    per_difficulty: Mapping[str, int],
) -> int:
    """How many questions more such a path has room for; one at least."""
    subsets, levels = _totals(taken)
    subset, level = path[0][0], path[-1][1]
    counts = [len(cells[cell]) - taken[cell] for cell in path[::2]]
    counts += [taken[cell] for cell in path[1::2]]
    if subset in per_subset:
        counts.append(per_subset[subset] - subsets[subset])
    if level in per_difficulty:
        counts.append(per_difficulty[level] - levels[level])
    return min(counts)


def _totals(taken: Counter[Cell]) -> tuple[Counter[str], Counter[str]]:
    """Questions taken of each subset, and of each difficulty."""
    subsets, levels = Counter[str](), Counter[str]()
    for (subset, level), count in taken.items():
        subsets[subset] += count
        levels[level] += count
    return subsets, levels


def _room(count: int, most: int | None) -> bool:
    return most is None or count < most
