"""Restyle: have a model make a completion task of a triplet's question, and check what it made."""

from kodgen.config import Pipeline
from kodgen.errors import LLMRefusal
from kodgen.llm.protocol import Completion, Message, Request
from kodgen.parse.completion.fault import Fault
from kodgen.parse.completion.task import CompletionTask, completion_task
from kodgen.parse.completion.trial import fault_of, trial_of
from kodgen.prompts import Prompt
from kodgen.records import (
    Rejected,
    Triplet,
    completed_id,
    derived_seed,
    request_id,
)
from kodgen.sandbox.scrutiny import Scrutiny
from kodgen.stages.base import Outcome, RowStage, Tools, reject

TESTS_SHOWN = "tests_shown"
"""Flag of a completion task whose examples hold everything that its tests compare."""

EXAMPLES = Scrutiny(plain=True, reruns=1)
"""The solution was looked at in full before. Once more under another hash seed and clock: an
example that shows a set's order, or today's date, holds by chance."""


class RestyleStage(RowStage[Triplet, Triplet]):
    """Triplets, and beside each the completion task that a model made of it (KodCode's `_C`).

    Every triplet stays as it is. What the model answers has to be a skeleton of what the tests
    use, with docstrings whose examples hold when they are run against the solution; otherwise it
    is asked again, up to `restyle.attempts` times. Then the completion task is rejected: with the
    reason of its last attempt (`kodgen.parse.completion.fault.Reason` lists them), or with
    `llm_refused`; the evidence has those of all attempts, the row is the triplet as it came.

    Rows that are completion tasks already pass on alone, and so do those of other subsets.

    Args:
        pipeline: Has a section `restyle`.
        prompt: Its template is given `question`, `solution` and `test`.
    """

    name = "restyle"
    version = 1
    consumes = Triplet
    produces = Triplet

    def __init__(self, pipeline: Pipeline, prompt: Prompt) -> None:
        section = pipeline.restyle
        if section is None:
            raise ValueError("a pipeline without a section `restyle` has no such stage")
        self._run_seed = pipeline.seed
        self._model = (section.llm or pipeline.llm).model
        self._sampling = section.sampling
        self._attempts = section.attempts
        self._subsets = frozenset(section.subsets or (one.name for one in pipeline.subsets))
        self._prompt = prompt

    async def process(self, row: Triplet, tools: Tools) -> Outcome[Triplet]:
        """Keep one triplet, and make a completion task of it if one is wanted."""
        if row.style == "complete" or row.subset not in self._subsets:
            return Outcome(kept=(row,))
        faults: list[str] = []
        reason = ""
        for attempt in range(self._attempts):
            request = self._request(row, attempt)
            try:
                completion = await tools.complete(request)
            except LLMRefusal as error:
                # The same prompt would be refused again.
                reason = "llm_refused"
                faults.append(f"attempt {attempt}: {reason}: {error}")
                break
            made = await _checked(row, request.id, completion, tools)
            if isinstance(made, CompletionTask):
                return Outcome(kept=(row, self._completed(row, made, completion)))
            reason = made.reason
            faults.append(f"attempt {attempt}: {reason}: {made.detail}")
            if reason == "unreadable_solution":
                break  # no other answer changes that
        return Outcome(kept=(row,), rejected=(_rejected(row, reason, "\n".join(faults)),))

    def _request(self, row: Triplet, attempt: int) -> Request:
        request = request_id(self.name, row.id, attempt)
        prompt = self._prompt.render(question=row.question, solution=row.solution, test=row.test)
        return Request(
            id=request,
            model=self._model,
            messages=(Message(role="user", content=prompt),),
            sampling=self._sampling,
            seed=derived_seed(self._run_seed, request),
        )

    def _completed(self, row: Triplet, made: CompletionTask, completion: Completion) -> Triplet:
        flags = {*row.flags, TESTS_SHOWN} if made.shows_tests else {*row.flags}
        return row.model_copy(
            update={
                "id": completed_id(row.question_id),
                "style": "complete",
                "question": made.text,
                "flags": tuple(sorted(flags)),
                # Those of the other text; nobody has measured this one.
                "benchmark_similarity": None,
                "benchmark_task_id": None,
                "restyle_model": completion.model,
                "restyle_prompt_version": self._prompt.version,
            }
        )


async def _checked(
    row: Triplet, request: str, completion: Completion, tools: Tools
) -> CompletionTask | Fault:
    made = completion_task(
        completion.text,
        completion.finish_reason,
        question=row.question,
        solution=row.solution,
        test=row.test,
    )
    if isinstance(made, Fault):
        return made
    test = trial_of(made.text, made.documented)
    verdict = await tools.verify(request, row.solution, test, EXAMPLES)
    return fault_of(verdict, made.documented) or made


def _rejected(row: Triplet, reason: str, evidence: str) -> Rejected:
    """A completion task that never came to be: its own id, as the triplet itself is kept."""
    rejected = reject(RestyleStage.name, row, reason, evidence)
    return rejected.model_copy(update={"id": completed_id(row.question_id)})
