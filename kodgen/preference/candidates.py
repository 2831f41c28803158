"""Answers to one question as preference sees them: text, code, and whether they are right."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from kodgen.formats.answer import fenced, spoken
from kodgen.parse.python import python_tree
from kodgen.records import Answered, Triplet, Verdict

Standing = Literal["right", "wrong", "unusable"]

_WRONG = frozenset({"failed", "timeout", "oom", "crash", "limit"})
"""What only running code comes to, that its tests did not pass."""
_NOT_ITS_FAULT = frozenset({"missing_dependency", "wall", "source_too_long", "too_many_tests"})
"""Reasons that tell of the sandbox, or of the tests."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer, and how good it is."""

    id: str
    order: int
    text: str
    code: str
    right: bool
    score: float
    """From 0 to 1: by consensus where there is one, else the share of the tests that it passes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An attempt or an answer in full, before it is known whether it is right."""

    id: str
    order: int
    """Its place among the attempts."""
    text: str
    """What a model is to learn from."""
    code: str
    verdict: Verdict
    """Of a response's run against the triplet's tests; of a trial's against its own."""
    is_trial: bool

    def as_candidate(self, *, right: bool, score: float) -> Candidate:
        """The same answer, judged."""
        return Candidate(self.id, self.order, self.text, self.code, right, score)


@dataclass(frozen=True, slots=True)
class Match:
    """A chosen and a rejected answer, and by how much."""

    chosen: Candidate
    rejected: Candidate
    margin: float


def answers(row: Answered, source: Literal["auto", "trials", "responses"]) -> tuple[Answer, ...]:
    """All answers that have code, attempts or answers in full."""
    if source == "responses" or (source == "auto" and row.responses):
        return tuple(
            Answer(
                response.id,
                number,
                spoken(response),
                response.code,
                response.verdict,
                is_trial=False,
            )
            for number, response in enumerate(row.responses)
            if response.code is not None
        )
    return tuple(
        Answer(
            trial.id, number, fenced(trial.solution), trial.solution, trial.verdict, is_trial=True
        )
        for number, trial in enumerate(row.trials)
        if trial.solution is not None
    )


def standing(verdict: Verdict) -> Standing:
    """What a run against the triplet's tests says of an answer.

    Unusable is what says nothing of the code, or too little: faults of the infrastructure, a
    module that the sandbox lacks, waiting that may be the machine's, code that does not offer what
    the tests import, and whatever tampered with its judgement.
    """
    if verdict.passed:
        return "right"
    if verdict.outcome in _WRONG and verdict.reason not in _NOT_ITS_FAULT:
        return "wrong"
    return "unusable"


def share_passed(verdict: Verdict) -> float:
    """The share of its tests that an answer passes, for code that is not right."""
    passed = sum(test.outcome == "passed" for test in verdict.tests)
    return passed / len(verdict.tests) if verdict.tests else 0.0


def offers_the_same(code: str, triplet: Triplet) -> bool:
    """Whether code has what the tests use of the triplet's solution, to be called alike.

    Without it, tests fail for a name or a parameter that the question may never have asked for.
    """
    tree, ours, tests = map(python_tree, (code, triplet.solution, triplet.test))
    if tree is None or ours is None or tests is None:
        return False
    theirs, wanted = _definitions(tree), _definitions(ours)
    used = _names(tests) & wanted.keys()
    return all(name in theirs and _takes(theirs[name], wanted[name]) for name in used)


def normalised(code: str) -> str:
    """Code without what is not run: two of one form are one answer written twice."""
    tree = python_tree(code)
    return code if tree is None else ast.dump(tree)


def distinct(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The first of each form, in their order."""
    forms: dict[str, Candidate] = {}
    for candidate in candidates:
        forms.setdefault(normalised(candidate.code), candidate)
    return list(forms.values())


def _definitions(tree: ast.Module) -> dict[str, ast.stmt]:
    found: dict[str, ast.stmt] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[node.name] = node
    return found


def _names(tree: ast.Module) -> set[str]:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return names | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def _takes(theirs: ast.stmt, ours: ast.stmt) -> bool:
    """Whether one definition can be called as the other is."""
    if type(theirs) is not type(ours):
        return False
    if isinstance(theirs, ast.ClassDef) and isinstance(ours, ast.ClassDef):
        methods, wanted = _methods(theirs), _methods(ours)
        return all(name in methods for name in wanted if not name.startswith("_"))
    assert isinstance(theirs, ast.FunctionDef | ast.AsyncFunctionDef)
    assert isinstance(ours, ast.FunctionDef | ast.AsyncFunctionDef)
    least, most = _parameters(theirs.args)
    fewest, all_of_them = _parameters(ours.args)
    return least <= fewest and most >= all_of_them


def _methods(node: ast.ClassDef) -> set[str]:
    return {part.name for part in node.body if isinstance(part, ast.FunctionDef)}


def _parameters(arguments: ast.arguments) -> tuple[int, float]:
    """Fewest and most positional arguments that a call can give."""
    positional = len(arguments.posonlyargs) + len(arguments.args)
    most = float("inf") if arguments.vararg else positional
    return positional - len(arguments.defaults), most
