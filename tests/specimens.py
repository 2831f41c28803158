"""Rows for tests: each is plain, and passed, but for what a test says."""

from typing import Any

from kodgen.records import Response, Seed, SeedKind, Trial, Triplet, Verdict, seed_id

PASSED = Verdict(outcome="passed", reason="", isolation="namespaces")


def seed(text: str, source: str = "s", kind: SeedKind = "snippet", **changes: Any) -> Seed:
    """A seed of that text."""
    fields = {
        "id": seed_id(source, kind, text),
        "source": source,
        "kind": kind,
        "text": text,
        "license": "MIT",
        "origin": "o",
    }
    return Seed(**(fields | changes))


def triplet(name: str, **changes: Any) -> Triplet:
    """The triplet of a question of that id, brought by the user and solved at the first attempt."""
    fields = {
        "id": name,
        "question_id": name,
        "subset": "A",
        "style": "instruct",
        "question": f"Write {name}.",
        "solution": "def f():\n    return 1\n",
        "test": "from solution import f\ndef test_f():\n    assert f() == 1\n",
        "test_info": (),
        "chosen_trial": f"{name}/0",
        "pass_sequence": (1,),
        "difficulty": "easy",
        "coverage": 100.0,
        "isolation": "namespaces",
        "flags": (),
        "seed_ids": (),
        "licenses": (),
        "method": "given",
        "question_model": "given",
        "question_prompt_version": "none",
        "solution_model": "m",
        "solution_prompt_version": "v",
        "benchmark_similarity": None,
        "benchmark_task_id": None,
    }
    return Triplet(**(fields | changes))


def trial(question: str, attempt: int, **changes: Any) -> Trial:
    """An attempt at a question, which passed."""
    fields = {
        "id": f"{question}/{attempt}",
        "question_id": question,
        "attempt": attempt,
        "solution": "s",
        "test": "t",
        "completion_id": f"solve/{question}/{attempt}",
        "model": "m",
        "prompt_version": "v",
        "prompt_tokens": None,
        "completion_tokens": None,
        "verdict": PASSED,
    }
    return Trial(**(fields | changes))


def response(of: str, attempt: int, **changes: Any) -> Response:
    """An answer in full to the triplet of that id, which passed."""
    fields = {
        "id": f"{of}/response/{attempt}",
        "triplet_id": of,
        "question_id": of,
        "subset": "A",
        "style": "instruct",
        "attempt": attempt,
        "reasoning": None,
        "answer": "a",
        "code": "c",
        "completion_id": f"respond/{of}/{attempt}",
        "model": "m",
        "prompt_version": "v",
        "prompt_tokens": None,
        "completion_tokens": None,
        "verdict": PASSED,
    }
    return Response(**(fields | changes))
