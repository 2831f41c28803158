"""Coding tasks of our own, made by rule: what no benchmark holds, to see what is flagged of it."""

import inspect
from collections.abc import Callable
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from kodgen.contamination.row import AuditedRow
from kodgen.records import derived_seed

Entry = tuple[str, int]
"""An owner and a number."""

PLACES = (
    ("harbour", "container", "shipping line", "weight in kilograms"),
    ("orchard", "crate", "picker", "number of pears"),
    ("observatory", "sighting", "telescope", "brightness in millimagnitudes"),
    ("theatre", "ticket sale", "box office", "price in cents"),
    ("railway yard", "wagon", "depot", "length in centimetres"),
    ("museum", "loaned painting", "lender", "insured value"),
    ("brewery", "barrel", "cellar", "days of storage"),
    ("fire station", "call-out", "engine crew", "minutes on the road"),
    ("weaving mill", "bolt of cloth", "loom", "threads per row"),
    ("glacier camp", "ice core", "drilling team", "depth in millimetres"),
)
"""Place, thing that its log lists, whose it is, and what is noted of it."""
OWNERS = ("Anselm", "Birte", "Calixta", "Dov")
ENTRIES = 7


def heaviest_owner(log: list[Entry]) -> str:
    """Whose entries sum up to most; the first by name of several."""
    sums: dict[str, int] = {}
    for owner, amount in log:
        sums[owner] = sums.get(owner, 0) + amount
    return min(sums, key=lambda owner: (-sums[owner], owner))


def widest_jump(log: list[Entry]) -> int:
    """The largest step between two entries of one owner that follow each other."""
    steps = [0]
    for name in {owner for owner, _ in log}:
        own = [amount for owner, amount in log if owner == name]
        steps += [abs(after - before) for before, after in pairwise(own)]
    return max(steps)


def longest_turn(log: list[Entry]) -> int:
    """How many entries in a row belong to one owner at most."""
    best = run = 0
    last = None
    for owner, _ in log:
        run = run + 1 if owner == last else 1
        last = owner
        best = max(best, run)
    return best


def above_own_start(log: list[Entry]) -> list[int]:
    """Positions of the entries that are larger than the first one of their owner."""
    first: dict[str, int] = {}
    found = []
    for position, (owner, amount) in enumerate(log):
        if amount > first.setdefault(owner, amount):
            found.append(position)
    return found


def spread_of_middles(log: list[Entry]) -> float:
    """The distance between the largest and the smallest of the owners' medians."""
    by_owner: dict[str, list[int]] = {}
    for owner, amount in log:
        by_owner.setdefault(owner, []).append(amount)
    middles = [median(amounts) for amounts in by_owner.values()]
    return float(max(middles) - min(middles))


ACTIONS: tuple[tuple[Callable[[list[Entry]], object], str], ...] = (
    (
        heaviest_owner,
        """Which {owner} comes to the greatest total {measure}? Several may tie; name the one that
        stands first in the alphabet.""",
    ),
    (
        widest_jump,
        """For every {owner}, look at how the {measure} changes from one of its own entries to the
        next one. Report the greatest change, up or down, that any {owner} shows.""",
    ),
    (
        longest_turn,
        """Every now and then one {owner} accounts for several {item} entries without anyone else
        in between. Tell how many entries the longest such stretch has.""",
    ),
    (
        above_own_start,
        """Mark each {item} whose {measure} exceeds that of the earliest {item} of the same
        {owner}, and hand back where in the log the marked ones stand.""",
    ),
    (
        spread_of_middles,
        """Take the median {measure} of every {owner} on its own. By how much does the highest of
        these medians exceed the lowest?""",
    ),
)
IMPORTS = {
    "widest_jump": "from itertools import pairwise\n\n\n",
    "spread_of_middles": "from statistics import median\n\n\n",
}


class _Task(NamedTuple):
    name: str
    statement: str
    solution: str
    tests: str


def innocent_rows(seed: int) -> list[tuple[str, AuditedRow]]:
    """Every row with its kind: tasks in words with code, and functions to complete.

    Args:
        seed: Of the numbers in their tests.
    """
    rows = []
    for number in range(len(PLACES) * len(ACTIONS)):
        task = _task(number, seed)
        whole = AuditedRow(f"own_task/{number}", task.statement, task.solution, task.tests)
        head = f'def {task.name}(log):\n    """{task.statement}\n    """\n'
        rows += [
            ("own_task", whole),
            ("own_function_to_complete", AuditedRow(f"own_function/{number}", head)),
        ]
    return rows


def innocent_question(number: int) -> str:
    """A question that leads to no benchmark, to go with a solution or tests that do."""
    return _task(number % (len(PLACES) * len(ACTIONS)), 0).statement


def _task(number: int, seed: int) -> _Task:
    place, item, owner, measure = PLACES[number % len(PLACES)]
    make, sentence = ACTIONS[number // len(PLACES)]
    said = " ".join(sentence.format(item=item, owner=owner, measure=measure).split())
    name = f"{place.replace(' ', '_')}_{make.__name__}"
    statement = (
        f"A {place} keeps a log of every {item}: whose it is (the {owner}) and its {measure}. "
        f"{said} "
        f"Call the function `{name}`; it is given the log as a list of pairs."
    )
    source = inspect.getsource(make).replace(make.__name__, name).replace("Entry", "tuple")
    tests = [f"from solution import {name}\n\n\ndef test_{name}():"]
    for case in range(3):
        log = _log(number, case, seed)
        tests.append(f"    assert {name}({log!r}) == {make(log)!r}")
    return _Task(name, statement, IMPORTS.get(make.__name__, "") + source, "\n".join(tests) + "\n")


def _log(number: int, case: int, seed: int) -> list[Entry]:
    drawn = [
        derived_seed(seed, "own", str(number), str(case), str(entry)) for entry in range(ENTRIES)
    ]
    return [(OWNERS[one % len(OWNERS)], 1000 + one // 7 % 9000) for one in drawn]
