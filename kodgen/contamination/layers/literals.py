"""Layer: the same inputs with the same results, whatever the function is called."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from kodgen.contamination.layer import Hit
from kodgen.contamination.layers.learning import Learned, learned_of_all
from kodgen.contamination.pairs.examples import example_pairs
from kodgen.contamination.pairs.loops import checking_loops
from kodgen.contamination.pairs.pairs import Pair, checked_pairs
from kodgen.contamination.pairs.task_pairs import TaskPairs
from kodgen.contamination.pairs.traces import Traces
from kodgen.contamination.programs.skeleton import signs_of
from kodgen.contamination.programs.trees import tree_of
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.task import BenchmarkTask
from kodgen.contamination.words.words import words

MOST_TASKS = 3
"""Tasks that may have a pair before it counts as anybody's."""
SUITE_BITS = 30.0
"""Bits, trivial pairs included, from which on all pairs of a task's tests are evidence enough."""
SUITE_PAIRS = 4
"""Of a suite, by which it is sought."""
LEAST_SCORE = 0.75
"""Score from which on a hit is reported: of 2,600 clean rows 13 shared one telling pair with a
task, all by chance (`('cba') -> 'abc'`), and none shared more."""
MOST_SHOWN = 20
"""Pairs that a hit's evidence shows."""


class LiteralsLayer:
    """Compares pairs of arguments and result: of tests, and of examples in a text.

    A pair brings up to 0.5 by how telling it is (`Pair.weight`; nothing for a trivial one), so
    two telling pairs make 1. All pairs of a task's tests make 1 as well, if that is hardly
    chance, and so does a loop of theirs that draws inputs and checks a property of the results.
    """

    name: ClassVar[str] = "literals"

    def __init__(
        self, tasks: Sequence[BenchmarkTask], learned: Sequence[Learned] | None = None
    ) -> None:
        """Take down the tasks' pairs; a task that shows none can't be found by this layer.

        Args:
            tasks: Tasks to look for.
            learned: Of each what `learning` tells, if that is known.
        """
        learned = learned_of_all(tasks, self.name) if learned is None else learned
        self.unseen: Counter[str] = Counter()
        self._tasks = tuple(tasks)
        self._pairs: dict[str, Pair] = {}
        self._having: dict[str, dict[int, str]] = defaultdict(dict)
        """By a pair's key, the tasks that have it, each with the view that shows it."""
        self._suites: dict[int, frozenset[str]] = {}
        self._loops: dict[str, list[int]] = defaultdict(list)
        self._loops_told: set[tuple[frozenset[str], str]] = set()
        """Words and signs of the loops."""
        for number, one in enumerate(learned):
            self._learn(number, one.pairs)
        self._traces = Traces(self._sought(), LEAST_SCORE)

    def hits(self, rows: Sequence[AuditedRow]) -> Iterator[tuple[int, Hit]]:
        """See `Layer.hits`; in `unseen`: `not_python`, of rows whose tests don't parse."""
        questions = tuple(row.question for row in rows)
        asked = set(self._traces.holding(questions, tests=False))
        tested = set(self._traces.holding(tuple(row.tests or "" for row in rows), tests=True))
        for number, row in enumerate(rows):
            if number in asked:
                shared = {pair.key for pair in example_pairs(row.question)}
                yield from ((number, hit) for hit in self._matches("question", shared, {}))
            looped = row.tests is not None and self._may_loop(row.tests)
            if row.tests and (number in tested or looped):
                tree = tree_of(row.tests)
                if tree is None:
                    self.unseen["not_python"] += 1
                    continue
                shared = {pair.key for pair in checked_pairs(tree)}
                loops = {
                    loop.shape: loop.lines for loop in (checking_loops(tree) if looped else ())
                }
                yield from ((number, hit) for hit in self._matches("tests", shared, loops))

    def _may_loop(self, tests: str) -> bool:
        """Whether the tests hold the words and, in a row, the signs of any of the loops."""
        if "assert" not in tests or ("for " not in tests and "while " not in tests):
            return False
        told = tests.lower()
        likely = [
            signs for needed, signs in self._loops_told if all(map(told.__contains__, needed))
        ]
        if not likely:
            return False
        written = signs_of(tests)
        return any(signs in written for signs in likely)

    def _sought(self) -> Iterator[tuple[Pair, dict[int, float]]]:
        """Pairs that count, with what each brings: for single pairs of a task, or for its suite."""
        weights: dict[str, dict[int, float]] = defaultdict(dict)
        for key, having in self._having.items():
            if len(having) <= MOST_TASKS and (own := self._pairs[key].weight):
                weights[key] = dict.fromkeys((2 * number for number in having), own)
        for number, suite in self._suites.items():
            # A text that has all pairs of a suite has the most telling ones.
            telling = sorted(suite, key=self._rank)[:SUITE_PAIRS]
            for key in telling:
                weights[key][2 * number + 1] = LEAST_SCORE / len(telling)
        return ((self._pairs[key], told) for key, told in weights.items())

    def _rank(self, key: str) -> tuple[bool, float, str]:
        """By which pairs that can be sought come first, and of those the most telling."""
        pair = self._pairs[key]
        return not words(pair.arguments.spelling), -pair.bits, key

    def _learn(self, number: int, learned: TaskPairs) -> None:
        for view, pair in learned.shown:
            self._pairs.setdefault(pair.key, pair)
            self._having[pair.key].setdefault(number, view)
        tested = {pair.key: pair for pair in learned.tested}
        for key, pair in tested.items():
            self._pairs.setdefault(key, pair)
            self._having[key][number] = "tests"
        if sum(pair.bits for pair in tested.values()) >= SUITE_BITS:
            self._suites[number] = frozenset(tested)
        for loop in learned.loops:
            self._loops[loop.shape].append(number)
            self._loops_told.add((loop.words, loop.signs))

    def _matches(
        self, field: str, keys: set[str], loops: Mapping[str, tuple[int, int]]
    ) -> Iterator[Hit]:
        shared: dict[int, list[str]] = defaultdict(list)
        for key in sorted(keys):
            for number in self._having.get(key, ()):
                shared[number].append(key)
        same: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for shape, lines in loops.items():
            for number in self._loops.get(shape, ()):
                same[number].append(lines)
        for number in sorted({*shared, *same}):
            mine = shared[number]
            score = self._score(number, mine, bool(same[number]))
            if score >= LEAST_SCORE:
                yield self._hit(number, field, mine, same[number], score)

    def _score(self, number: int, shared: Sequence[str], loop: bool) -> float:
        if loop or (number in self._suites and self._suites[number].issubset(shared)):
            return 1.0
        telling = [key for key in shared if len(self._having[key]) <= MOST_TASKS]
        return min(sum(self._pairs[key].weight for key in telling), 1.0)

    def _hit(
        self,
        number: int,
        field: str,
        shared: Sequence[str],
        loops: Sequence[tuple[int, int]],
        score: float,
    ) -> Hit:
        task = self._tasks[number]
        telling = sorted(shared, key=lambda key: (-self._pairs[key].weight, key))
        views = Counter(self._having[key][number] for key in shared) or {"tests": 1}
        evidence: dict[str, Any] = {"pairs": telling[:MOST_SHOWN], "shared": len(shared)}
        if loops:
            evidence["loop_lines"] = [list(lines) for lines in loops]
        return Hit(
            layer=self.name,
            benchmark=task.benchmark,
            task_id=task.task_id,
            field=field,
            view=max(sorted(views), key=views.__getitem__),
            score=score,
            evidence=evidence,
        )
