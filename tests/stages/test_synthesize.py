import asyncio
from pathlib import Path
from typing import Any

import pytest

from kodgen.config import Pipeline
from kodgen.errors import ConfigError, LLMRefusal
from kodgen.llm.protocol import Completion, Request
from kodgen.prompts import Prompt
from kodgen.records import Draw, Question, Seed, Verdict, derived_seed
from kodgen.seeds.draw import draw
from kodgen.stages.base import Outcome
from kodgen.stages.synthesize import SynthesizeStage
from tests import specimens

PROMPTS = {
    name: Prompt(name + "{% for s in seeds %} [{{ s }}]{% endfor %}", name)
    for name in ("assessment", "snippet", "documentation", "evolve", "solve")
}
LLM = {"backend": "recorded", "model": "asked", "paths": ["x.jsonl"]}


class Answering:
    """Stands for the engine: answers every request with one text, or refuses it."""

    def __init__(self, text: str | None, finish_reason: str = "stop") -> None:
        self.text = text
        self.finish_reason = finish_reason
        self.requests: list[Request] = []

    async def complete(self, request: Request) -> Completion:
        self.requests.append(request)
        if self.text is None:
            raise LLMRefusal("prompt too long")
        return Completion(
            request_id=request.id,
            model="answered",
            text=self.text,
            finish_reason=self.finish_reason,
        )

    async def verify(self, trial: str, solution: str, test: str) -> Verdict:
        raise AssertionError("writing a question runs no code")


def pipeline(method: str = "snippet", **options: Any) -> Pipeline:
    subset: dict[str, Any] = {"name": "s", "method": method}
    if method in {"prefill", "magpie"}:
        subset["count"] = 2
    else:
        subset["seeds"] = {"path": str(Path("unused.jsonl"))}
    subset.update(options.pop("subset", {}))
    return Pipeline.model_validate(
        {"name": "n", "seed": 9, "llm": LLM, "subsets": [subset], **options}
    )


def seed(text: str, terms: str = "MIT") -> Seed:
    return specimens.seed(text, license=terms)


def run(config: Pipeline, row: Draw, tools: Answering) -> Outcome[Question]:
    return asyncio.run(SynthesizeStage(config, PROMPTS).process(row, tools))


def test_question_carries_its_lineage() -> None:
    config = pipeline(subset={"shots": 2})
    seeds = [seed("b", "MIT"), seed("a", "0BSD")]
    (row, _) = draw(config.subsets[0], seeds, config.seed)
    tools = Answering("<analysis>x</analysis><question>Write `f`.</question>")
    outcome = run(config, row, tools)
    (question,) = outcome.kept
    assert question == Question(
        id=row.id,
        subset="s",
        style="instruct",
        text="Write `f`.",
        seed_ids=tuple(sorted(s.id for s in seeds)),
        licenses=("0BSD", "MIT"),
        method="snippet",
        model="answered",
        prompt_version=PROMPTS["snippet"].version,
    )
    (request,) = tools.requests
    assert request.id == f"synthesize/{row.id}/0"
    assert request.seed == derived_seed(9, request.id)
    assert request.model == "asked"
    assert request.user_prefix is None
    assert [m.role for m in request.messages] == ["user"]
    assert request.messages[0].content == "snippet [{}] [{}]".format(*(s.text for s in row.seeds))


def test_stage_uses_its_own_model_and_sampling() -> None:
    config = pipeline(synthesize={"llm": {**LLM, "model": "own"}, "sampling": {"temperature": 0.5}})
    tools = Answering("<question>q</question>")
    run(config, draw(config.subsets[0], [seed("a")], 0)[0], tools)
    assert tools.requests[0].model == "own"
    assert tools.requests[0].sampling.temperature == 0.5
    assert tools.requests[0].sampling.stop == ()


def test_given_question_passes_without_a_request() -> None:
    config = pipeline("given")
    tools = Answering(None)
    (question,) = run(config, draw(config.subsets[0], [seed(" Q? \n")], 0)[0], tools).kept
    assert (question.text, question.model, question.prompt_version) == (" Q? \n", "given", "none")
    assert tools.requests == []


def test_prefill_continues_the_prefix_to_the_end_of_the_line() -> None:
    config = pipeline(
        "prefill", subset={"prefix": "Write a class"}, synthesize={"sampling": {"stop": ["<end>"]}}
    )
    row = draw(config.subsets[0], [], 0)[1]
    tools = Answering(" that counts.\n<|assistant|>Sure")
    (question,) = run(config, row, tools).kept
    assert question.text == "Write a class that counts."
    assert question.seed_ids == ()
    assert question.licenses == ()
    (request,) = tools.requests
    assert request.user_prefix == "Write a class"
    assert request.messages == ()
    assert request.sampling.stop == ("<end>", "\n")
    other = pipeline("prefill", subset={"prefix": "Write a script"})
    (second,) = run(other, row, tools).kept
    assert second.prompt_version != question.prompt_version


def test_magpie_opens_the_turn_and_the_draw_s_model_fills_it_in() -> None:
    llms = [{**LLM, "model": "first"}, {**LLM, "model": "second"}]
    config = pipeline(
        "magpie", subset={"llms": llms, "system": "Be brief.", "sampling": {"temperature": 0.3}}
    )
    tools = Answering("How do I sort a dict?")
    for row in draw(config.subsets[0], [], 0):
        (question,) = run(config, row, tools).kept
        assert question.text == "How do I sort a dict?"
    assert [request.model for request in tools.requests] == ["first", "second"]
    for request in tools.requests:
        assert request.user_prefix == ""
        assert [(m.role, m.content) for m in request.messages] == [("system", "Be brief.")]
        assert request.sampling.temperature == 0.3


def test_an_evolved_question_names_its_parent_and_variant() -> None:
    config = pipeline("evolve")
    parent = seed("Add two numbers.", "CC-BY-4.0")
    (row,) = draw(config.subsets[0], [parent], 0, variants=("harder",))
    (question,) = run(config, row, Answering("<question>Add many.</question>")).kept
    assert (question.seed_ids, question.licenses) == ((parent.id,), ("CC-BY-4.0",))
    assert (question.method, question.variant) == ("evolve", "harder")
    same = run(config, row, Answering("<question>Add two numbers.</question>"))
    assert [one.reason for one in same.rejected] == ["not_evolved"]


@pytest.mark.parametrize(
    ("method", "text", "finish_reason", "reason"),
    [
        ("prefill", "\n", "stop", "empty_question"),
        ("prefill", " that cou", "length", "truncated"),
        ("snippet", "no marker", "stop", "no_question_marker"),
        ("snippet", "<question>cut", "length", "truncated"),
        ("documentation", "<abstain> a list of names", "stop", "abstained"),
        ("assessment", None, "stop", "llm_refused"),
        ("snippet", "<question>### Tides</question>", "stop", "only_heading"),
        ("magpie", "Write a Java class `Stack` with generics.", "stop", "other_language"),
    ],
)
def test_row_without_a_question_is_rejected(
    method: str, text: str | None, finish_reason: str, reason: str
) -> None:
    config = pipeline(method)
    row = draw(config.subsets[0], [seed("a")], 0)[0]
    outcome = run(config, row, Answering(text, finish_reason))
    (rejected,) = outcome.rejected
    assert outcome.kept == ()
    assert (rejected.id, rejected.stage, rejected.reason) == (row.id, "synthesize", reason)
    assert rejected.evidence
    assert Draw.model_validate_json(rejected.row) == row


def test_assessment_may_answer_with_the_question_alone() -> None:
    config = pipeline("assessment")
    row = draw(config.subsets[0], [seed("a")], 0)[0]
    assert run(config, row, Answering("Write `f`.")).kept[0].text == "Write `f`."


def test_method_without_a_prompt_is_told_at_once() -> None:
    with pytest.raises(ConfigError, match=r"subset 's'.*documentation\.j2"):
        SynthesizeStage(pipeline("documentation"), {"snippet": PROMPTS["snippet"]})
