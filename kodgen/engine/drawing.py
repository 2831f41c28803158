"""Which rows of a stage to begin next: all in order, or as many as a target still asks for."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, Protocol, TypeVar

from kodgen.config import Target
from kodgen.engine.targets import LEVELS, Quota
from kodgen.records import Record

In = TypeVar("In", bound=Record)
Row_co = TypeVar("Row_co", bound=Record, covariant=True)

Cells = Sequence[Sequence[str]]
"""Subset and difficulty of each row that was kept."""

HEDGE = 0.8
"""Share of the expected yield that is counted on: a few rows too many cost less than a wait."""
FEWEST_OPEN = 64
"""Rows that may be open however little is known of their yields."""
LOOK_EVERY = 16
"""The guess is made anew when this many times the rows done since are more than those behind."""
LOOKAHEAD = 50_000
"""Rows, of subsets that seem to be filled, held back at most to get at those behind them."""


class Drawing(Protocol[Row_co]):
    """Rows to begin."""

    def begin(self, room: int) -> Iterator[Row_co]:
        """Rows to begin now, `room` at most."""
        ...

    def finished(self, row: str, cells: Cells | None) -> None:
        """A row is done: with what it kept, or None where it stays open."""
        ...

    def wait(self) -> bool:
        """Whether a row would be begun if there were room."""
        ...


class InOrder(Generic[In]):
    """Every row that is not recalled, in the order of the input."""

    def __init__(self, rows: Iterable[In], recalled: Callable[[In], Cells | None]) -> None:
        self._rows = (row for row in rows if recalled(row) is None)
        self._next: list[In] = []

    def begin(self, room: int) -> Iterator[In]:
        """As `Drawing` says."""
        for _ in range(room):
            row = self._next.pop() if self._next else next(self._rows, None)
            if row is None:
                return
            yield row

    def finished(self, row: str, cells: Cells | None) -> None:
        """As `Drawing` says."""

    def wait(self) -> bool:
        """As `Drawing` says."""
        if not self._next:
            self._next.extend(row for row in (next(self._rows, None),) if row is not None)
        return bool(self._next)


class _Entry(Generic[In]):
    """A row that stands behind the first one still undecided."""

    __slots__ = ("cells", "is_done", "is_open", "row", "subset")

    def __init__(self, row: In, subset: str) -> None:
        self.row: In | None = row
        self.subset = subset
        self.is_open = self.is_done = False
        self.cells: Cells | None = None


class TowardsTarget(Generic[In]):
    """As many rows as a target's cells still need, judged by the yields seen so far.

    Which rows count is decided elsewhere, in the order of the input; here it is guessed, in the
    same order, which ones will be asked for. A row is begun where the target would still need it
    after all rows before it: finished ones as they are, open ones by their chance of success.
    When nothing is open the first undecided row has no guess before it, so every row that counts
    is begun in the end.

    Args:
        rows: All rows, each with a `subset`.
        recalled: What an earlier run made of a row; None if it is not done.
        target: The target.
    """

    def __init__(
        self, rows: Iterable[In], recalled: Callable[[In], Cells | None], target: Target
    ) -> None:
        self._rows = iter(rows)
        self._recalled = recalled
        self._decided = Quota.of(target)
        self._guess = self._decided.copy()
        self._entries: deque[_Entry[In]] = deque()
        self._by_id: dict[str, _Entry[In]] = {}
        self._open = self._held = self._since = self._finished = 0
        self._walk: Iterator[_Entry[In]] | None = None
        self._done: Counter[str] = Counter()
        self._yield: Counter[tuple[str, str]] = Counter()
        self._chances: dict[tuple[str, str], float] = {}

    def begin(self, room: int) -> Iterator[In]:
        """As `Drawing` says."""
        room = min(room, self._most_open() - self._open)
        if room <= 0:
            return
        due = self._walk is None and self._since * LOOK_EVERY >= len(self._entries)
        if self._open == 0 or due:
            self._walk = self._look_again()
        # Where room ended before the rows did, the walk goes on from there.
        for entry in self._walk or ():
            yield self._begin(entry)
            room -= 1
            if room <= 0:
                return
        self._walk = None
        while room > 0 and not self._guess.full() and self._held < LOOKAHEAD:
            row = next(self._rows, None)
            if row is None:
                return
            drawn = self._drawn(row)
            if drawn is not None:
                yield self._begin(drawn)
                room -= 1

    def _drawn(self, row: In) -> _Entry[In] | None:
        """Take note of one more row; an entry to begin, if it seems to be needed."""
        entry = _Entry(row, str(row.subset))  # type: ignore[attr-defined]
        cells = self._recalled(row)
        closed = self._guess.closed(entry.subset)
        if not self._entries and (closed or cells is not None):
            # Every row before it is decided, so this one is too.
            self._settle(entry, cells)
            self._learn(entry)
            self._count(self._decided, entry)
            self._guess = self._decided.copy()
            return None
        self._entries.append(entry)
        if cells is not None:
            self._settle(entry, cells)
            self._count(self._guess, entry)
            return None
        self._held += 1
        return None if closed else entry

    def finished(self, row: str, cells: Cells | None) -> None:
        """As `Drawing` says."""
        entry = self._by_id.pop(row)
        self._open -= 1
        self._since += 1
        self._settle(entry, cells)

    def wait(self) -> bool:
        """Never: rows that are not begun may well not be needed, and tries ahead cost less."""
        return False

    def _begin(self, entry: _Entry[In]) -> In:
        assert entry.row is not None
        row, entry.row = entry.row, None
        entry.is_open = True
        self._by_id[str(row.id)] = entry  # type: ignore[attr-defined]
        self._held -= 1
        self._open += 1
        self._count(self._guess, entry)
        return row

    def _settle(self, entry: _Entry[In], cells: Cells | None) -> None:
        entry.cells = () if cells is None else cells
        entry.is_open = False
        entry.row = None
        entry.is_done = cells is not None
        self._finished += entry.is_done

    def _learn(self, entry: _Entry[In]) -> None:
        """Take a row's yield into account, once all rows before it are done.

        Of those done out of turn too many are easy: they take the fewest attempts.
        """
        self._done[entry.subset] += entry.is_done
        for subset, level in entry.cells or ():
            self._yield[subset, level] += 1

    def _look_again(self) -> Iterator[_Entry[In]]:
        """Decide as far as rows are done without a gap, and guess anew from there.

        Yields:
            Rows held back that seem to be needed after all; to be begun before the next is asked
            for.
        """
        self._since = 0
        self._chances.clear()
        while self._entries:
            first = self._entries[0]
            held = first.row is not None
            if first.is_open or (held and not self._decided.closed(first.subset)):
                break
            self._learn(first)
            self._count(self._decided, first)
            self._held -= held
            self._entries.popleft()
        self._guess = self._decided.copy()
        for entry in self._entries:
            if entry.row is None:
                self._count(self._guess, entry)
            elif not self._guess.closed(entry.subset):
                yield entry

    def _count(self, quota: Quota, entry: _Entry[In]) -> None:
        """Count in what a row kept, or is likely to if it is open."""
        if entry.cells is not None:
            for subset, level in entry.cells:
                quota.take(subset, level)
        elif entry.is_open:
            for level in LEVELS:
                quota.take(entry.subset, level, HEDGE * self._chance(entry.subset, level))

    def _chance(self, subset: str, level: str) -> float:
        """Chance that a row of a subset is verified at a level.

        As seen in the subset, with the weight of four rows as seen in all, and these with that of
        two rows, one of which was verified, at any level alike.
        """
        known = self._chances.get((subset, level))
        if known is None:
            seen = sum(count for (_, one), count in self._yield.items() if one == level)
            in_all = (seen + 1 / 3) / (self._done.total() + 2)
            known = (self._yield[subset, level] + 4 * in_all) / (self._done[subset] + 4)
            self._chances[subset, level] = known
        return known

    def _most_open(self) -> int:
        """No more than are needed at the very least, or than half of those done, at a time.

        New rows go before further attempts at old ones, which are what tells of rarer cells.
        """
        return max(round(self._decided.needed()), self._finished // 2, FEWEST_OPEN)
