"""Respond: have a reasoning model answer a verified question in full, and run its answers."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from kodgen.config import Pipeline, Respond
from kodgen.errors import LLMRefusal
from kodgen.llm.protocol import Completion, Message, Request
from kodgen.parse.response import (
    Asked,
    asked_of,
    own_classes,
    parse_response,
    split_reasoning,
    tells,
    wanted_names,
    without_borrowed,
    wrapped_in_class,
)
from kodgen.parse.unparsed import Unparsed
from kodgen.prompts import Prompt
from kodgen.records import (
    Rejected,
    Response,
    Triplet,
    Verdict,
    derived_seed,
    request_id,
    response_id,
)
from kodgen.stages.base import Outcome, RowStage, Tools, reject
from kodgen.stages.recipes import choose
from kodgen.stages.solve import MISSING
from kodgen.tokens import estimated_tokens


class RespondStage(RowStage[Triplet, Response]):
    """Several answers in full to each question; right ones are kept as the recipe says.

    An answer is right if its code passes the triplet's tests. All others are rejected as rows of
    their own, each the answer with its verdict:

        cut_off              ended at its token limit: nothing is said of its code
        no_code              holds no code
        wrong_answer         does not pass
        missing_dependency   needs a module that the sandbox lacks: nothing is said of its code
        class_based          a class where functions were asked for (not where `classes` is set)
        too_short, too_long  right, but out of the bounds on tokens
        not_kept             right, but not chosen by the recipe

    Where the model's server refuses a request, the triplet is rejected with `llm_refused`, beside
    what came of its other requests.
    """

    name = "respond"
    version = 1
    consumes = Triplet
    produces = Response

    def __init__(self, pipeline: Pipeline, prompt: Prompt) -> None:
        section = pipeline.respond or Respond()
        self._run_seed = pipeline.seed
        self._section = section
        self._model = (section.llm or pipeline.llm).model
        self._prompt = prompt

    async def process(self, row: Triplet, tools: Tools) -> Outcome[Response]:
        """Ask for all answers together, run each as it comes, then choose."""
        test = without_borrowed(row.solution, row.test)
        asked = asked_of(row.question, row.style, test)
        messages = (Message(role="user", content=self._rendered(row, asked)),)
        requests = [self._request(row, n, messages) for n in range(self._section.attempts)]
        answers = [
            self._answer(row, attempt, completion, asked, partial(tools.verify, test=test))
            for attempt, completion in enumerate(tools.complete_together(requests))
        ]
        # All of them, one that fails too: what the others cost is then paid once.
        done = await asyncio.gather(*answers, return_exceptions=True)
        for result in done:
            if isinstance(result, BaseException) and not isinstance(result, LLMRefusal):
                raise result
        refusals = [result for result in done if isinstance(result, LLMRefusal)]
        outcome = self._decided(row, [r for r in done if isinstance(r, Response)])
        if not refusals:
            return outcome
        refused = reject(self.name, row, "llm_refused", str(refusals[0]))
        return Outcome(kept=outcome.kept, rejected=(*outcome.rejected, refused))

    async def _answer(
        self,
        row: Triplet,
        attempt: int,
        asking: Awaitable[Completion],
        asked: Asked,
        verify: Callable[[str, str], Awaitable[Verdict]],
    ) -> Response:
        completion = await asking
        reasoning, answer = split_reasoning(completion.text, completion.reasoning)
        found = parse_response(answer, asked, completion.finish_reason)
        identity = response_id(row.id, attempt)
        if isinstance(found, Unparsed):
            verdict = Verdict(outcome="error", reason=found.reason, isolation="not_run")
        else:
            verdict = await verify(identity, found)
        return Response(
            id=identity,
            triplet_id=row.id,
            question_id=row.question_id,
            subset=row.subset,
            style=row.style,
            attempt=attempt,
            reasoning=reasoning,
            answer=answer,
            code=None if isinstance(found, Unparsed) else found,
            completion_id=completion.request_id,
            model=completion.model,
            prompt_version=self._prompt.version,
            prompt_tokens=completion.prompt_tokens,
            completion_tokens=completion.completion_tokens,
            verdict=verdict,
        )

    def _decided(self, row: Triplet, responses: list[Response]) -> Outcome[Response]:
        right: list[Response] = []
        rejected: list[Rejected] = []
        for response in responses:
            reason, evidence = self._fault(row, response)
            if reason:
                rejected.append(reject(self.name, response, reason, evidence))
            else:
                right.append(response)
        chosen = choose(self._section.recipe, right, self._section.keep)
        rejected += [reject(self.name, r, "not_kept", why) for r, why in chosen.left_out]
        return Outcome(kept=chosen.kept, rejected=tuple(rejected))

    def _fault(self, row: Triplet, response: Response) -> tuple[str, str]:
        """Reason and evidence for turning an answer away by itself; both empty for none."""
        verdict = response.verdict
        if response.code is None:
            reason = "cut_off" if verdict.reason == "truncated" else "no_code"
            return reason, f"{len(response.answer)} characters of answer: {verdict.reason}"
        if not verdict.passed:
            return _failing(row, response.code, verdict)
        given = (row.question, row.test, row.solution)
        classes = () if self._section.classes else own_classes(response.code, *given)
        if classes and _asks_functions(row):
            return "class_based", f"defines {', '.join(classes)}; functions were asked for"
        return self._length_fault(response)

    def _length_fault(self, response: Response) -> tuple[str, str]:
        least, most = self._section.tokens
        tokens, said = response.completion_tokens, "tokens"
        if tokens is None:
            characters = len(response.reasoning or "") + len(response.answer)
            tokens, said = estimated_tokens(characters), "tokens as estimated"
        if tokens > most:
            return "too_long", f"{tokens} {said}; at most {most} are wanted"
        if tokens < least:
            return "too_short", f"{tokens} {said}; at least {least} are wanted"
        return "", ""

    def _rendered(self, row: Triplet, asked: Asked) -> str:
        """The prompt; names that the question does not tell are told beside it."""
        declared = {info.function_name: info.function_declaration for info in row.test_info}
        untold = [name for name in sorted(asked.names) if not tells(row.question, name)]
        return self._prompt.render(
            question=row.question,
            style=row.style,
            declarations=[declared.get(name, name).rstrip(":") for name in untold],
        )

    def _request(self, row: Triplet, attempt: int, messages: tuple[Message, ...]) -> Request:
        request = request_id(self.name, row.id, attempt)
        return Request(
            id=request,
            model=self._model,
            messages=messages,
            sampling=self._section.sampling,
            seed=derived_seed(self._run_seed, request),
        )


def _asks_functions(row: Triplet) -> bool:
    return bool(row.test_info) and not wanted_names(row.test) & set(own_classes(row.solution))


def _failing(row: Triplet, code: str, verdict: Verdict) -> tuple[str, str]:
    said = f"{verdict.outcome} ({verdict.reason})"
    if verdict.reason == MISSING:
        return MISSING, said
    # Methods by the right names, that no test could call: the form is wrong, maybe no more.
    functions = frozenset(info.function_name for info in row.test_info)
    if classes := wrapped_in_class(code, functions):
        return "class_based", f"{said}: {', '.join(classes)} holds what was asked for as functions"
    return "wrong_answer", said
