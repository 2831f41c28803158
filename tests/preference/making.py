"""Rows for preference, and tools that run them in a real sandbox."""

from collections.abc import Sequence

from kodgen.parse.functions import function_infos
from kodgen.parse.imports import with_solution_imports
from kodgen.records import Answered, Crosscheck, Response, Trial, Triplet, Verdict
from kodgen.sandbox import Sandbox
from kodgen.sandbox.scrutiny import FULL, Scrutiny
from tests import specimens

PASS = Verdict(outcome="passed", reason="", isolation="namespaces")
FAIL = Verdict(outcome="failed", reason="assertion", isolation="namespaces")


def triplet(
    name: str, solution: str, test: str, crosscheck: Crosscheck | None = None, chosen: int = 0
) -> Triplet:
    test = with_solution_imports(solution, test)
    return specimens.triplet(
        name,
        subset="s",
        question=f"Solve {name}.",
        solution=solution,
        test=test,
        test_info=function_infos(solution, test),
        chosen_trial=f"{name}/{chosen}",
        licenses=("MIT",),
        crosscheck=crosscheck,
    )


def trial(question: str, attempt: int, solution: str | None, verdict: Verdict = PASS) -> Trial:
    test = None if solution is None else "def test_own():\n    assert True\n"
    return specimens.trial(question, attempt, solution=solution, test=test, verdict=verdict)


def response(
    question: str, attempt: int, code: str | None, verdict: Verdict = PASS, reasoning: str = "Hm."
) -> Response:
    return specimens.response(
        question,
        attempt,
        subset="s",
        reasoning=reasoning,
        answer=f"Here:\n\n```python\n{code}\n```",
        code=code,
        model="r",
        verdict=verdict,
    )


def answered(
    name: str,
    test: str,
    solutions: Sequence[str | None],
    verdicts: Sequence[Verdict] = (),
    crosscheck: Crosscheck | None = None,
    responses: Sequence[Response] = (),
) -> Answered:
    """A row of trials, the first of them chosen; each passed its own tests if nothing is said."""
    said = [*verdicts, *[PASS] * (len(solutions) - len(verdicts))]
    assert solutions[0] is not None
    return Answered(
        id=name,
        subset="s",
        triplet=triplet(name, solutions[0], test, crosscheck),
        trials=tuple(
            trial(name, number, solution, verdict)
            for number, (solution, verdict) in enumerate(zip(solutions, said, strict=True))
        ),
        responses=tuple(responses),
    )


class SandboxTools:
    """Tools of a stage that asks no model."""

    speculate = 1

    def __init__(self, sandbox: Sandbox | None = None) -> None:
        self._sandbox = sandbox
        self.asked: list[tuple[str, Scrutiny]] = []

    async def verify(
        self, trial: str, solution: str, test: str, scrutiny: Scrutiny = FULL
    ) -> Verdict:
        assert all(trial != before for before, _ in self.asked), "a verdict would be recalled"
        self.asked.append((trial, scrutiny))
        assert self._sandbox is not None, "nothing was to be run"
        return await self._sandbox.run(solution, test, scrutiny)
