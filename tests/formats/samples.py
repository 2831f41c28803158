"""A small run's rows: two questions in both styles, answered rightly and wrongly."""

from kodgen.records import (
    Crosscheck,
    Mutant,
    Pair,
    TestInfo,
    TestStrength,
    Verdict,
    response_id,
)
from tests import specimens

BASE = "question:A/given/x/0"
SOLUTION = "def add(a, b):\n    return a + b"
TEST = "from solution import add\n\n\ndef test_add():\n    assert add(1, 2) == 3"
CLASS_SOLUTION = "class Stack(list):\n    def peek(self):\n        return self[-1]"
CLASS_TEST = (
    "from solution import Stack\n\n\ndef test_peek():\n    stack = Stack()\n"
    "    stack.append(4)\n    assert stack.peek() == 4"
)
ADD = TestInfo(
    function_name="add",
    parameter_list="(a, b)",
    function_declaration="def add(a, b):",
    docstring="",
)
STRENGTH = TestStrength(
    score=0.75,
    killed=3,
    survived=(Mutant(operator="arithmetic", line=2, original="a + b", mutated="a | b"),),
    indistinct=0,
    equivalent=0,
    not_run=2,
)


def verdict(outcome="passed"):
    reason = "" if outcome == "passed" else "assertion"
    return Verdict(outcome=outcome, reason=reason, coverage=100.0, isolation="namespaces")


def trial(attempt, outcome="passed", solution=SOLUTION, question=BASE):
    return specimens.trial(
        question,
        attempt,
        solution=solution,
        test=TEST if solution else None,
        prompt_tokens=1,
        completion_tokens=2,
        verdict=verdict(outcome),
    )


def triplet(of=BASE, **changes):
    fields = {
        "question": "Add two numbers.",
        "solution": SOLUTION,
        "test": TEST,
        "test_info": (ADD,),
        "chosen_trial": f"{of}/1",
        "pass_sequence": (0, 1, 0),
        "difficulty": "medium",
        "flags": ("unchecked_tests",),
        "seed_ids": ("seed:A/x",),
        "licenses": ("MIT",),
        "benchmark_similarity": 0.25,
        "benchmark_task_id": "mbpp/1",
    }
    return specimens.triplet(of, **(fields | changes))


def completed(of):
    """A triplet as a completion task."""
    task = f'def add(a, b):\n    """{of.question}\n\n    >>> add(1, 2)\n    3\n    """'
    changes = {"id": f"{of.question_id}_C", "style": "complete", "question": task}
    return of.model_copy(update=changes | {"restyle_model": "r", "restyle_prompt_version": "w"})


def trials(question=BASE):
    return [
        trial(0, "failed", question=question),
        trial(1, question=question),
        trial(2, "error", solution=None, question=question),
    ]


def response(of, attempt=0, outcome="passed", reasoning="Sum them.", code=SOLUTION):
    return specimens.response(
        of.id,
        attempt,
        question_id=of.question_id,
        subset=of.subset,
        style=of.style,
        reasoning=reasoning,
        answer=f"Here it is:\n\n```python\n{code}\n```",
        code=code,
        model="r1",
        prompt_version="p",
        prompt_tokens=3,
        completion_tokens=4,
        verdict=verdict(outcome),
    )


def pair(of, number=0):
    return Pair(
        id=f"{of.id}/pair/correctness/{number}",
        triplet_id=of.id,
        question_id=of.question_id,
        subset=of.subset,
        style=of.style,
        question=of.question,
        chosen=f"```python\n{SOLUTION}\n```",
        rejected="```python\ndef add(a, b):\n    return a - b\n```",
        chosen_id=response_id(of.id, 0),
        rejected_id=response_id(of.id, 1),
        criterion="correctness",
        margin=1.0,
        difficulty=of.difficulty,
        licenses=of.licenses,
    )


CHECKED = triplet(
    consensus=1.0,
    consensus_difficulty="easy",
    crosscheck=Crosscheck(solutions=(), tests=(), camps=2),
    strength=STRENGTH,
)
CLASSES = triplet(
    "question:B/given/y/0",
    subset="B",
    question="Write a stack with `peek`.",
    solution=CLASS_SOLUTION,
    test=CLASS_TEST,
    test_info=(),
    licenses=("Apache-2.0", "MIT"),
)
