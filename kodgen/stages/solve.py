"""Solve: have a model write solution and tests for a question, run them, and decide."""

from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from kodgen.config import Pipeline, attempts_of
from kodgen.llm.protocol import Completion, Message, Request
from kodgen.parse.code import Code, parse_code
from kodgen.parse.functions import function_infos
from kodgen.parse.imports import with_solution_imports
from kodgen.prompts import Prompt
from kodgen.records import (
    Question,
    Trial,
    Triplet,
    Verdict,
    derived_seed,
    request_id,
    trial_id,
)
from kodgen.stages.attempting import Attempting, Ways
from kodgen.stages.attempts import Policy, chosen_trial, difficulty
from kodgen.stages.base import Outcome, RowStage, Tools, reject

MISSING = "missing_dependency"
"""The sandbox's reason for code that needs a module it lacks: says nothing about the code."""


class SolveStage(RowStage[Question, Triplet]):
    """Attempts at each question until its pass rate says enough; kept if any attempt passed.

    Rejects with `never_passed`, with `missing_dependency` where every attempt needed a module that
    the sandbox lacks, or with `llm_refused` where the model's server refused a request.
    Every attempt becomes a trial, an unparsable completion too.
    """

    name = "solve"
    version = 3
    consumes = Question
    produces = Triplet

    def __init__(self, pipeline: Pipeline, prompt: Prompt) -> None:
        self._run_seed = pipeline.seed
        self._model = (pipeline.solve.llm or pipeline.llm).model
        self._sampling = pipeline.solve.sampling
        self._prompt = prompt
        self._policies = {
            subset.name: Policy.of(attempts_of(pipeline, subset.name))
            for subset in pipeline.subsets
        }

    async def process(self, row: Question, tools: Tools) -> Outcome[Triplet]:
        """Make all attempts the policy asks for, then keep or reject the question."""
        prompt = (Message(role="user", content=self._prompt.render(question=row.text)),)

        def together(attempts: Sequence[int]) -> list[Coroutine[Any, Any, Trial]]:
            asked = tools.complete_together([self._request(row, n, prompt) for n in attempts])
            return [
                self._attempt(row, attempt, partial(_given, answer), tools)
                for attempt, answer in zip(attempts, asked, strict=True)
            ]

        def ahead(attempt: int) -> Coroutine[Any, Any, Trial]:
            ask = partial(tools.complete, self._request(row, attempt, prompt), ahead=True)
            return self._attempt(row, attempt, ask, tools)

        ways = Ways(together, ahead, tools.spare, tools.speculate)
        made = await Attempting(self._policies[row.subset], ways).run()
        if made.refusal is not None:
            refused = reject(self.name, row, "llm_refused", str(made.refusal))
            return Outcome(rejected=(refused,), trials=made.trials, surplus=made.surplus)
        return replace(_decide(row, made.trials), surplus=made.surplus)

    async def _attempt(
        self,
        question: Question,
        attempt: int,
        ask: Callable[[], Awaitable[Completion]],
        tools: Tools,
    ) -> Trial:
        completion = await ask()
        found = parse_code(completion.text, completion.finish_reason)
        if isinstance(found, Code):
            test = with_solution_imports(found.solution, found.test)
            trial = trial_id(question.id, attempt)
            verdict = await tools.verify(trial, found.solution, test)
            return self._trial(question, attempt, completion, found.solution, test, verdict)
        verdict = Verdict(outcome="error", reason=found.reason, isolation="not_run")
        return self._trial(question, attempt, completion, None, None, verdict)

    def _request(self, question: Question, attempt: int, messages: tuple[Message, ...]) -> Request:
        request = request_id(self.name, question.id, attempt)
        return Request(
            id=request,
            model=self._model,
            messages=messages,
            sampling=self._sampling,
            seed=derived_seed(self._run_seed, request),
        )

    def _trial(
        self,
        question: Question,
        attempt: int,
        completion: Completion,
        solution: str | None,
        test: str | None,
        verdict: Verdict,
    ) -> Trial:
        return Trial(
            id=trial_id(question.id, attempt),
            question_id=question.id,
            attempt=attempt,
            solution=solution,
            test=test,
            completion_id=completion.request_id,
            model=completion.model,
            prompt_version=self._prompt.version,
            prompt_tokens=completion.prompt_tokens,
            completion_tokens=completion.completion_tokens,
            verdict=verdict,
        )


def _given(answer: Awaitable[Completion]) -> Awaitable[Completion]:
    return answer


def _sequence(trials: Sequence[Trial]) -> tuple[int, ...]:
    return tuple(int(trial.verdict.passed) for trial in trials)


def _decide(question: Question, trials: Sequence[Trial]) -> Outcome[Triplet]:
    chosen = chosen_trial(trials)
    if chosen is None:
        said = Counter(f"{t.verdict.outcome} ({t.verdict.reason})" for t in trials)
        evidence = f"{len(trials)} attempts: " + ", ".join(
            f"{count} {what}" for what, count in sorted(said.items())
        )
        lacking = all(t.verdict.reason == MISSING for t in trials)
        reason = MISSING if lacking else "never_passed"
        rejected = reject(SolveStage.name, question, reason, evidence)
        return Outcome(rejected=(rejected,), trials=tuple(trials))
    assert chosen.solution is not None
    assert chosen.test is not None
    sequence = _sequence(trials)
    triplet = Triplet(
        id=question.id,
        question_id=question.id,
        subset=question.subset,
        style=question.style,
        question=question.text,
        solution=chosen.solution,
        test=chosen.test,
        test_info=function_infos(chosen.solution, chosen.test),
        chosen_trial=chosen.id,
        pass_sequence=sequence,
        difficulty=difficulty(sum(sequence), len(sequence)),
        coverage=chosen.verdict.coverage,
        isolation=chosen.verdict.isolation,
        flags=chosen.verdict.flags,
        seed_ids=question.seed_ids,
        licenses=question.licenses,
        method=question.method,
        question_model=question.model,
        question_prompt_version=question.prompt_version,
        solution_model=chosen.model,
        solution_prompt_version=chosen.prompt_version,
        benchmark_similarity=question.benchmark_similarity,
        benchmark_task_id=question.benchmark_task_id,
        variant=question.variant,
        annotation=question.annotation,
    )
    return Outcome(kept=(triplet,), trials=tuple(trials))
