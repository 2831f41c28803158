"""Layer: the same text, but for case, signs and spacing."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from kodgen.contamination.layer import Hit
from kodgen.contamination.layers.learning import Learned, learned_of_all
from kodgen.contamination.programs.asserts import asserts, telling_asserts
from kodgen.contamination.programs.shapes import Shape, shapes
from kodgen.contamination.programs.skeletons import Skeletons
from kodgen.contamination.programs.sought import Sought
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.task import BenchmarkTask
from kodgen.contamination.words.numbering import numbered, numbered_runs, wholes
from kodgen.contamination.words.numberset import NumberSet
from kodgen.contamination.words.sieve import Sieve
from kodgen.contamination.words.words import words

LEAST_CHARACTERS = 20
"""Letters and digits of a text below which two that are equal are equal by chance."""
LEAST_NODES = 20
"""Nodes of a solution below which (`return x + y`) it is anyone's."""
MOST_SHOWN = 5
"""Asserts that a hit's evidence shows."""
_SIGNATURE = "signature"


class ExactLayer:
    """Compares whole texts with the question, whole solutions, and each assert of the tests.

    Solutions are compared as syntax trees with their names and without comments and docstrings:
    a row has a reference's if it has all of its functions. Asserts likewise, one by one, and
    with the name `candidate` read as the task's own function. A hit's score is always 1.
    """

    name: ClassVar[str] = "exact"

    def __init__(
        self, tasks: Sequence[BenchmarkTask], learned: Sequence[Learned] | None = None
    ) -> None:
        """Take down the tasks' texts; what is too short to tell is left out.

        Args:
            tasks: Tasks to look for.
            learned: Of each what `learning` tells, if that is known.
        """
        learned = learned_of_all(tasks, self.name) if learned is None else learned
        self.unseen: Counter[str] = Counter()
        self._tasks = tuple(tasks)
        self._texts: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._solutions: dict[str, list[int]] = defaultdict(list)
        self._functions: dict[int, frozenset[str]] = {}
        self._asserts = telling_asserts(one.asserts for one in learned)
        sought: list[Sought] = []
        for number, task in enumerate(tasks):
            for view, text in task.views.items():
                if view != _SIGNATURE:
                    self._learn_text(number, view, words(text))
            sought.extend(self._learn_solution(number, learned[number]))
        self._skeletons = Skeletons((told, one.words) for one in sought for told in one.skeletons)
        self._headings = Sieve([("def", *words(one.name)) for one in sought])
        self._checks = Sieve([words(told) for told in self._asserts])
        self._wholes = NumberSet(wholes(numbered_runs([told.split() for told in self._texts])))

    def hits(self, rows: Sequence[AuditedRow]) -> Iterator[tuple[int, Hit]]:
        """See `Layer.hits`; in `unseen`: `not_python`, of solutions or tests."""
        questions = numbered(tuple(row.question for row in rows))
        same = set(self._wholes.places(wholes(questions)).tolist())
        headed = self._headings.holding(tuple(row.solution or "" for row in rows))
        tested = set(self._checks.holding(tuple(row.tests or "" for row in rows)))
        solved = self._skeletons.holding({number: rows[number].solution or "" for number in headed})
        for number in sorted(same | solved | tested):
            row = rows[number]
            if number in same:
                told = words(row.question)
                for task, view in self._texts.get(" ".join(told), ()):
                    yield number, self._hit(task, "question", view, {"words": len(told)})
            if row.solution and number in solved:
                for hit in self._same_solution(row.solution):
                    yield number, hit
            if row.tests and number in tested:
                for hit in self._same_asserts(row.tests):
                    yield number, hit

    def _learn_text(self, number: int, view: str, told: Sequence[str]) -> None:
        text = " ".join(told)
        if len(text) - len(told) + 1 < LEAST_CHARACTERS:
            return
        if all(number != task for task, _ in self._texts[text]):
            self._texts[text].append((number, view))

    def _learn_solution(self, number: int, learned: Learned) -> Iterator[Sought]:
        known = {one.name: (one, told) for one, told in learned.references}
        if sum(one.size for one, _ in known.values()) < LEAST_NODES:
            return
        self._functions[number] = frozenset(one.verbatim for one, _ in known.values())
        largest, told = max(known.values(), key=lambda one: one[0].size)
        self._solutions[largest.verbatim].append(number)
        yield told

    def _same_solution(self, solution: str) -> Iterator[Hit]:
        known = shapes(solution)
        if known is None:
            self.unseen["not_python"] += 1
            return
        there: dict[str, Shape] = {one.verbatim: one for one in reversed(known)}
        tasks = {task for key in there for task in self._solutions.get(key, ())}
        for task in sorted(tasks):
            if self._functions[task] <= there.keys():
                mine = sorted(there[key].lines for key in self._functions[task])
                evidence = {"row_lines": [list(lines) for lines in mine]}
                yield self._hit(task, "solution", "solution", evidence)

    def _same_asserts(self, tests: str) -> Iterator[Hit]:
        told = asserts(tests)
        if told is None:
            self.unseen["not_python"] += 1
            return
        shared: dict[int, list[str]] = defaultdict(list)
        for one in dict.fromkeys(told):
            for task in self._asserts.get(one, ()):
                shared[task].append(one)
        for task in sorted(shared):
            evidence = {"asserts": shared[task][:MOST_SHOWN], "shared": len(shared[task])}
            yield self._hit(task, "tests", "tests", evidence)

    def _hit(self, number: int, field: str, view: str, evidence: Mapping[str, object]) -> Hit:
        task = self._tasks[number]
        return Hit(
            layer=self.name,
            benchmark=task.benchmark,
            task_id=task.task_id,
            field=field,
            view=view,
            score=1.0,
            evidence=evidence,
        )
