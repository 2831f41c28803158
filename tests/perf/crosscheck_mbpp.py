"""Trials whose truth is known, made of MBPP's reference solutions and mutants of them.

A wrong trial here is wrong in both halves: its solution is a mutant that fails the human tests,
and its own tests are what the mutant returns. Part of `crosscheck.py`, which runs it.
"""

import ast
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from kodgen.mutation.drawing import draw
from kodgen.records import Verdict, derived_seed
from kodgen.sandbox.scrutiny import FULL, PLAIN, Scrutiny

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
INPUTS = 5
"""Inputs that each trial's tests hold, of some ten: each looks at others of them."""
MUTANTS = 12

MIXTURES: dict[str, tuple[str, ...]] = {
    "3 right": ("right", "right", "right"),
    "2 right, 1 right with a wrong test": ("right", "right", "right*"),
    "1 right, 2 right with a wrong test": ("right", "right*", "right*"),
    "2 right, 1 wrong": ("right", "right", "wrong a"),
    "1 right, 1 right with a wrong test, 1 wrong": ("right", "right*", "wrong a"),
    "2 right with a wrong test, 1 wrong": ("right*", "right*", "wrong a"),
    "1 right, 2 wrong in different ways": ("right", "wrong a", "wrong b"),
    "1 right, 2 wrong in the same way": ("right", "wrong a", "wrong a"),
    "1 right, 1 wrong, 1 wrong with right tests": ("right", "wrong a", "wrong b*"),
    "1 wrong, 2 wrong in other ways with right tests": ("wrong a", "wrong b*", "wrong c*"),
    "3 wrong in the same way": ("wrong a", "wrong a", "wrong a"),
}
"""Kinds of trials by mixture. A star: its own tests don't agree with it, so it does not pass."""
WEIGHTS = dict(zip(MIXTURES, (50, 12, 8, 8, 4, 3, 3, 3, 3, 3, 3), strict=True))
"""A made-up proportion of easy and hard questions: two thirds of them right throughout."""


class Tools(Protocol):
    async def verify(
        self, trial: str, solution: str, test: str, scrutiny: Scrutiny = FULL
    ) -> Verdict: ...


@dataclass(frozen=True)
class Task:
    number: int
    text: str
    name: str
    solutions: dict[str, str]
    """`right`, `wrong a`, `wrong b`, `wrong c`."""
    inputs: tuple[str, ...]
    outputs: dict[str, dict[str, str]]
    """By solution and input."""
    human: str
    """The human tests as a test file."""


def test_file(name: str, cases: Sequence[tuple[str, str]]) -> str:
    body = "".join(
        f"\n\ndef test_{name}_{number}():\n    assert {name}({given}) == {expected}\n"
        for number, (given, expected) in enumerate(cases, 1)
    )
    return f"from solution import {name}\n{body}"


def variants(values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Other inputs, near given ones: one argument changed at a time."""
    return [
        (*values[:at], other, *values[at + 1 :])
        for at, value in enumerate(values)
        for other in _near(value)
    ]


def _near(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1, value * 2] if abs(value) < 10_000 else [value + 1]
    if isinstance(value, float):
        return [value + 1, value / 2]
    if isinstance(value, str):
        return [value[::-1], value[1:], value + "a", value + value[:1]]
    if isinstance(value, list | tuple):
        near = [value[::-1], value[1:], value[:-1], value + value[:1]]
        if value and isinstance(value[0], int) and not isinstance(value[0], bool):
            near.append(type(value)([value[0] + 1, *value[1:]]))
        return near
    return []


def _literal_calls(tests: Sequence[str]) -> tuple[str, list[tuple[Any, ...]]] | None:
    """The function that human tests call and its arguments; None if they are not that simple."""
    names, calls = set(), []
    for test in tests:
        match ast.parse(test).body:
            case [
                ast.Assert(
                    test=ast.Compare(
                        left=ast.Call(func=ast.Name(id=name), args=args, keywords=[]),
                        ops=[ast.Eq()],
                    )
                )
            ]:
                names.add(name)
            case _:
                return None
        try:
            calls.append(tuple(ast.literal_eval(one) for one in args))
        except ValueError:
            return None
    return (names.pop(), calls) if len(names) == 1 else None


async def outputs(
    solution: str, name: str, inputs: Sequence[str], tools: Tools
) -> dict[str, str] | None:
    """What a solution returns, by input; None if it does not come to its end.

    It is told in the message of a check that fails, as nothing else comes out of the sandbox.
    """
    lines = [f"from solution import {name}", "import ast", "", "def said(call):", "    try:"]
    lines += ["        text = repr(call())", "        ast.literal_eval(text)"]
    lines += ["        return text if len(text) < 100 else None", "    except Exception:"]
    lines += ["        return None", "", "def test_all():", "    said_all = ["]
    lines += [f"        said(lambda: {name}({given}))," for given in inputs]
    lines += ["    ]", "    raise AssertionError('<<' + ascii(said_all) + '>>')", ""]
    verdict = await tools.verify("", solution, "\n".join(lines), PLAIN)
    message = verdict.observed.message if verdict.observed else ""
    begin, end = message.find("<<"), message.rfind(">>")
    if begin < 0 or end < begin:
        return None
    said = ast.literal_eval(message[begin + 2 : end])
    return {given: text for given, text in zip(inputs, said, strict=True) if text is not None}


async def task_of(row: dict[str, Any], tools: Tools) -> Task | None:
    """A task with three mutants that the human tests tell from the reference; None if there are
    not as many."""
    found = _literal_calls(row["test_list"])
    if found is None or row["test_imports"]:
        return None
    name, calls = found
    code = row["code"].replace("\r\n", "\n")
    chance = random.Random(derived_seed(7, str(row["task_id"])))
    near = [one for call in calls for one in variants(call)]
    chance.shuffle(near)
    pool = [*calls, *near]
    texts = list(dict.fromkeys(", ".join(map(repr, call)) for call in pool))
    texts = [text for text in texts if len(text) < 150][:11]
    right = await outputs(code, name, texts, tools)
    human = "\n\n".join(
        [f"from solution import {name}\n"]
        + [f"def test_{n}():\n    {test.strip()}\n" for n, test in enumerate(row["test_list"])]
    )
    if right is None or len(right) < INPUTS + 2:
        return None
    if not (await tools.verify("", code, human, PLAIN)).passed:
        return None
    drawn = draw(code, MUTANTS, derived_seed(7, "mutants", str(row["task_id"])))
    solutions, said = {"right": code}, {"right": right}
    for mutant in drawn.mutants if drawn else ():
        wrong = await outputs(mutant.text, name, list(right), tools)
        if wrong is None or len(wrong) < INPUTS or wrong in said.values():
            continue
        if (await tools.verify("", mutant.text, human, PLAIN)).passed:
            continue
        key = f"wrong {'abc'[len(solutions) - 1]}"
        solutions[key], said[key] = mutant.text, wrong
        if len(solutions) == 4:
            return Task(row["task_id"], row["prompt"], name, solutions, tuple(right), said, human)
    return None


def code_of(task: Task, kind: str, attempt: int, chance: random.Random) -> tuple[str, str]:
    """Solution and tests of one trial."""
    key = kind.removesuffix("*")
    solution, said = task.solutions[key], task.outputs[key]
    right = task.outputs["right"]
    given = sorted(chance.sample(sorted(said), min(INPUTS, len(said))))
    if kind == "right*":
        # A wrong expectation of its own: that for another input, as models miscount by hand.
        cases = [(one, said[one]) for one in given]
        other = next((text for text in sorted(said.values()) if text != cases[-1][1]), "None")
        cases[-1] = (cases[-1][0], other)
    elif kind.endswith("*"):
        differ = [one for one in sorted(right) if said.get(one) != right[one]]
        cases = [(one, right[one]) for one in dict.fromkeys([*differ[:1], *given])]
    else:
        cases = [(one, said[one]) for one in given]
    return solution, test_file(task.name, cases)


def tasks_of() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(
        (SHARED / "benchmarks" / "mbpp" / "sanitized-mbpp.json").read_text()
    )
    return rows


async def is_wrong(task: Task, solution: str, test: str, tools: Tools) -> bool:
    """Whether a row is wrong: the human tests fail its solution, or its tests the reference."""
    if not (await tools.verify("", solution, task.human, PLAIN)).passed:
        return True
    return not (await tools.verify("", task.solutions["right"], test, PLAIN)).passed


def shares(counts: dict[str, Counter[str]]) -> dict[str, Any]:
    """Rows and wrong ones among them, by mixture and over all by `WEIGHTS`."""
    told: dict[str, Any] = {name: dict(sorted(count.items())) for name, count in counts.items()}
    ways = ("coverage", "consensus", "not suspect")
    rows, wrong = Counter[str](), Counter[str]()
    for name, count in counts.items():
        for way in ways:
            made = count["questions"] or 1
            rows[way] += WEIGHTS[name] * count[f"{way}: rows"] / made
            wrong[way] += WEIGHTS[name] * count[f"{way}: wrong"] / made
    whole = sum(WEIGHTS.values())
    told["weighted"] = {
        way: {
            "rows kept, % of questions": round(100 * rows[way] / whole, 2),
            "wrong, % of rows": round(100 * wrong[way] / rows[way], 2) if rows[way] else None,
        }
        for way in ways
    }
    return told
