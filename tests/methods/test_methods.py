"""What each method asks, and what it reads out of an answer."""

from typing import Any

import pytest

from kodgen.config import Subset
from kodgen.llm.protocol import Completion, Message
from kodgen.methods.base import Asked
from kodgen.methods.registry import method_of, methods
from kodgen.parse.question import ParsedQuestion
from kodgen.parse.unparsed import Unparsed
from kodgen.prompts import Prompt
from kodgen.records import Draw, Seed, SeedKind
from kodgen.resources import shipped
from kodgen.seeds.draw import draw
from tests import specimens

TASK = "Write a function `area(r)` that returns the area of a circle of radius `r`."
PROMPTED = sorted(name for name, method in methods().items() if method.prompted)
PREFILLED = ("magpie", "prefill")


def shipped_prompt(name: str) -> Prompt:
    return Prompt((shipped("prompts") / f"{name}.j2").read_text(encoding="utf-8"), name)


def subset(method: str, **settings: Any) -> Subset:
    usual: dict[str, Any] = {"name": "s", "method": method}
    usual |= {"count": 2} if method in PREFILLED else {"seeds": {"path": "seeds.jsonl"}}
    return Subset.model_validate(usual | settings)


def seed(text: str, kind: SeedKind = "snippet") -> Seed:
    return specimens.seed(text, kind=kind)


def drawn(made: Subset, *texts: str, sample: int = 0) -> Draw:
    method = method_of(made.method)
    seeds = [seed(text, method.seed_kind or "snippet") for text in texts]
    return draw(made, seeds, 0, count=sample + 1, variants=method.variants)[sample]


def asked(made: Subset, row: Draw) -> Asked:
    method = method_of(made.method)
    return method.ask(row, made, shipped_prompt(made.method) if method.prompted else None)


def read(made: Subset, row: Draw, text: str, finish: str = "stop") -> ParsedQuestion | Unparsed:
    answer = Completion(request_id="r", model="m", text=text, finish_reason=finish)
    return method_of(made.method).read(row, made, answer)


@pytest.mark.parametrize("name", PROMPTED)
def test_a_prompt_shows_the_seed_as_it_is_and_says_how_to_answer(name: str) -> None:
    code = "def f(a):\n    return {'<b>': a & 1}  # {{ no template }}"
    (message,) = asked(subset(name), drawn(subset(name), code)).messages
    assert message.role == "user"
    assert code in message.content
    assert message.content.count("\n<question>\n") == 1
    assert message.content.rstrip().endswith("</question>")
    assert "{%" not in message.content.replace(code, "")
    # An exercise that two solvers read alike, and that tests can decide.
    for promise in ("exact name", "what it returns", "edges", "depends on its arguments alone"):
        assert promise in message.content


@pytest.mark.parametrize("name", PROMPTED)
def test_a_system_message_goes_above_and_into_the_prompt_s_version(name: str) -> None:
    plain, told = subset(name), subset(name, system="You teach chess.")
    messages = asked(told, drawn(told, "x")).messages
    assert messages[0] == Message(role="system", content="You teach chess.")
    assert messages[1:] == asked(plain, drawn(plain, "x")).messages
    method, prompt = method_of(name), shipped_prompt(name)
    assert method.prompt_version(plain, prompt) == prompt.version
    assert method.prompt_version(told, prompt) != prompt.version


def test_assessment_shows_several_problems_in_the_order_of_the_draw() -> None:
    made = subset("assessment", shots=3)
    row = drawn(made, "one", "two", "three", "four")
    text = asked(made, row).messages[0].content
    assert "3 exercises" in text
    places = [text.index(f"<example>\n{one.text}\n</example>") for one in row.seeds]
    assert len(places) == 3
    assert places == sorted(places)


@pytest.mark.parametrize("name", ["snippet", "documentation", "oss_instruct", "evolve"])
def test_the_analysis_is_left_out_and_markers_are_needed(name: str) -> None:
    made = subset(name)
    row = drawn(made, "x")
    answer = f"<analysis>\nit adds\n</analysis>\n<question>\n{TASK}\n</question>"
    assert read(made, row, answer) == ParsedQuestion(TASK)
    found = read(made, row, "Nothing here asks for anything.")
    assert isinstance(found, Unparsed)


def test_a_page_that_carries_no_question_is_abstained_from() -> None:
    made = subset("documentation")
    found = read(made, drawn(made, "x"), "<abstain>\nThe page only lists names.")
    assert found == Unparsed("abstained", "The page only lists names.")


def test_each_variant_of_evolve_asks_for_its_own_way() -> None:
    made = subset("evolve")
    rows = [drawn(made, TASK, sample=sample) for sample in (0, 1)]
    assert {row.variant for row in rows} == {"harder", "broader"}
    texts = {row.variant: asked(made, row).messages[0].content for row in rows}
    assert "clearly harder" in texts["harder"]
    assert "is broader" in texts["broader"]
    assert "clearly harder" not in texts["broader"]
    for text in texts.values():
        assert "A solution of the first exercise must not solve yours" in text
        assert f"<exercise>\n{TASK}\n</exercise>" in text


def test_evolve_does_not_take_the_parent_for_a_new_question() -> None:
    made = subset("evolve")
    row = drawn(made, TASK)
    same = read(made, row, f"<question>\n**{TASK.upper()}**\n</question>")
    assert same == Unparsed("not_evolved", f"the same text as its parent {row.seeds[0].id}")
    other = "Write `areas(radii)`, which returns the areas of many circles, in O(n)."
    assert read(made, row, f"<question>{other}</question>") == ParsedQuestion(other)


@pytest.mark.parametrize(
    ("name", "prefix", "stop"),
    [("magpie", "", ()), ("prefill", "Write a python function to", ("\n",))],
)
def test_the_user_s_turn_is_opened_below_a_system_message(
    name: str, prefix: str, stop: tuple[str, ...]
) -> None:
    made = subset(name)
    assert asked(made, drawn(made)) == Asked((), user_prefix=prefix, stop=stop)
    told = subset(name, system="You teach chess.")
    (above,) = asked(told, drawn(told)).messages
    assert above == Message(role="system", content="You teach chess.")
    version = method_of(name).prompt_version
    assert version(told, None) != version(made, None)


def test_prefill_keeps_the_rest_of_the_line() -> None:
    made = subset("prefill", prefix="Write a class")
    row = drawn(made)
    assert read(made, row, " that counts.\nSure!") == ParsedQuestion("Write a class that counts.")
    assert read(made, row, " to add.<|im_end|>\n<|im_start|>assistant") == ParsedQuestion(
        "Write a class to add."
    )
    assert method_of("prefill").prompt_version(made, None) != method_of("prefill").prompt_version(
        subset("prefill"), None
    )


def test_magpie_keeps_all_of_the_user_s_turn_and_nothing_after_it() -> None:
    made = subset("magpie")
    row = drawn(made)
    query = "I have a list of dates:\n\n    dates = ['2020-01-01']\n\nCount them by year."
    assert read(made, row, f"\n{query}\n") == ParsedQuestion(query)
    for end in ("<|im_end|>", "<|eot_id|>", "<|end|>", "[/INST]", "<end_of_turn>", "</s>"):
        gone_on = f"{query}{end}\n<|im_start|>assistant\nSure, here is how"
        assert read(made, row, gone_on, "length") == ParsedQuestion(query)


@pytest.mark.parametrize("name", PREFILLED)
@pytest.mark.parametrize(
    ("text", "finish", "reason"),
    [
        ("", "stop", "empty_question"),
        (" \n", "stop", "empty_question"),
        ("<|im_end|>\nHello", "length", "empty_question"),
        (" add two numbers and th", "length", "truncated"),
    ],
)
def test_a_turn_that_is_empty_or_cut_off_is_no_question(
    name: str, text: str, finish: str, reason: str
) -> None:
    made = subset(name)
    found = read(made, drawn(made), text, finish)
    assert isinstance(found, Unparsed)
    assert found.reason == reason
    assert found.detail


def test_a_method_s_template_is_given_a_variant_only_where_it_has_some() -> None:
    assert method_of("snippet").values(["x"], "") == {"seeds": ["x"]}
    assert method_of("evolve").values(["x"], "harder") == {"seeds": ["x"], "variant": "harder"}
