"""The restyle stage: a scripted model, whose completion tasks run in a real sandbox."""

import json

import pytest

from kodgen import config
from kodgen.config import Pipeline
from kodgen.parse.completion.task import completion_task
from kodgen.parse.completion.trial import trial_of
from kodgen.prompts import Prompt
from kodgen.records import Triplet
from kodgen.resources import shipped
from kodgen.sandbox.scrutiny import PLAIN
from kodgen.stages.restyle import EXAMPLES, RestyleStage
from tests.new_python import printed
from tests.sandbox.conftest import Bench
from tests.stages.restyling import PROMPT, pipeline, restyle, triplet

SOLUTION = """\
def letters(text, least=1):
    if least < 1:
        raise ValueError("least must be positive")
    return {c for c in text if text.count(c) >= least}


def tail(values, seen=[]):
    seen.append(values)
    return values[1:]
"""
TEST = """\
from solution import letters


def test_letters():
    assert letters("abca", 2) == {"a"}
    assert letters("") == set()
"""
ROW = triplet("Which letters are there?", SOLUTION, TEST)
GOOD = '''\
def letters(text: str, least: int = 1) -> set[str]:
    """The letters that a text has `least` times.

    >>> letters("banana", 2)
    {'n', 'a'}
    >>> letters("banana", 0)
    Traceback (most recent call last):
        ...
    ValueError: least must be positive
    """'''


@pytest.fixture(scope="module")
def bench():
    bench = Bench(config.Sandbox(workers=1, cpu_seconds=2, wall_seconds=10, memory_mb=512))
    yield bench
    bench.close()


def answer(code):
    return f"<completion>\n```python\n{code}\n```\n</completion>"


def reasons(outcome):
    (rejected,) = outcome.rejected
    return [line.split(": ")[1] for line in rejected.evidence.split("\n")]


def test_a_completion_task_is_added_and_the_row_stays(bench):
    outcome, model = restyle(bench, ROW, [answer(GOOD)])
    row, made = outcome.kept
    assert row == ROW
    assert not outcome.rejected
    assert made == ROW.model_copy(
        update={
            "id": "question:A/given/x/0_C",
            "style": "complete",
            "question": GOOD,
            "benchmark_similarity": None,
            "benchmark_task_id": None,
            "restyle_model": "m-2",
            "restyle_prompt_version": PROMPT.version,
        }
    )
    (request,) = model.requests
    assert request.id == "restyle/question:A/given/x/0/0"
    assert request.messages[0].content == f"Q {ROW.question}\nS {SOLUTION}\nT {TEST}"
    assert [trial for trial, _ in model.verified] == [request.id]


@pytest.mark.parametrize(
    "example",
    [
        "letters('ab')\n    {'a'}",
        "letters('a')\n    a",
        "letters('ab')[0]\n    'a'",
        "letters('a', 0)\n    Traceback (most recent call last):\n    ValueError: no",
        "sorted(letters('ab'))\n    ['a', 'b']\n    Note that it is sorted.",
        "list(letters('abcdefgh'))\n    ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']",
        "import sys; letters('a'); sys.exit(0)\n    {'a'}",
        "while letters('a'): pass\n    1",
    ],
)
def test_a_false_example_is_told_with_what_it_claims(bench, example):
    code = f'def letters(text, least=1):\n    """Letters.\n\n    >>> {example}\n    """'
    outcome, _ = restyle(bench, ROW, [answer(code)], attempts=1)
    (rejected,) = outcome.rejected
    assert outcome.kept == (ROW,)
    assert rejected.reason == "false_example"


def test_the_evidence_names_the_example_and_no_measured_thing(bench):
    code = GOOD.replace(", 0)", ", 3)\n    {'b'}\n\n    >>> letters('', 0)")
    first, _ = restyle(bench, ROW, [answer(code)], attempts=1)
    again, _ = restyle(bench, ROW, [answer(code)], attempts=1)
    assert first == again
    assert first.rejected[0].evidence == (
        "attempt 0: false_example: of letters: 'letters(\"banana\", 3)' does not give \"{'b'}\""
    )


def test_the_order_of_a_set_is_no_result(bench):
    source = "list({'a', 'bb', 'ccc', 'dddd', 'eeeee', 'ffffff', 'ggggggg', 'hhhhhhhh'})"
    usual = printed(f"print({source})", hash_seed=0)
    code = GOOD.replace(
        '    >>> letters("banana", 0)', f"    >>> {source}\n    {usual}\n\n    >>> letters('', 0)"
    )
    outcome, model = restyle(bench, ROW, [answer(code)], attempts=1)
    assert outcome.rejected[0].reason == "false_example"
    # Under the usual hash seed alone it holds.
    made = completion_task(code, "stop", question="Q?", solution=SOLUTION, test=TEST)
    test = trial_of(made.text, made.documented)
    assert bench.wait(bench.sandbox.run(SOLUTION, test, PLAIN)).passed
    assert [verdict.outcome for _, verdict in model.verified] == ["flaky"]


def test_examples_of_different_docstrings_share_no_names(bench):
    both = "from solution import letters, tail\n" + TEST
    code = (
        GOOD.replace('    >>> letters("banana", 2)', "    >>> x = 'banana'\n    >>> letters(x, 2)")
        + "\n\n\ndef tail(values, seen=[]):\n"
        + '    """All but the first.\n\n    >>> tail(x)\n    \'anana\'\n    """'
    )
    row = ROW.model_copy(update={"test": both})
    outcome, _ = restyle(
        bench, row, [answer(code), answer(code.replace("tail(x)", "tail('banana')"))]
    )
    assert len(outcome.kept) == 2
    assert outcome.kept[1].question.endswith('\'anana\'\n    """')


def test_a_skeleton_that_can_not_be_imported_is_broken(bench):
    code = f"class A:\n    def join(self, other: A):\n        pass\n\n\n{GOOD}"
    outcome, _ = restyle(bench, ROW, [answer(code)], attempts=1)
    assert outcome.rejected[0].evidence == (
        "attempt 0: broken_skeleton: importing it raises NameError"
    )


def test_it_is_asked_again_with_another_seed_until_one_is_in_order(bench):
    outcome, model = restyle(
        bench,
        ROW,
        ["No.", answer(GOOD.replace("{'n', 'a'}", "{'n'}")), answer(GOOD), "never asked"],
    )
    assert len(outcome.kept) == 2
    assert len(model.requests) == 3
    assert len({request.seed for request in model.requests}) == 3
    assert len({request.messages for request in model.requests}) == 1


def test_after_the_last_attempt_all_reasons_are_told(bench):
    body = GOOD + "\n    return set(text)"
    outcome, model = restyle(
        bench, ROW, ["No.", answer(GOOD.replace("banana", "bana")), answer(body)], attempts=3
    )
    assert outcome.kept == (ROW,)
    (rejected,) = outcome.rejected
    assert (rejected.id, rejected.stage) == ("question:A/given/x/0_C", "restyle")
    assert rejected.reason == "holds_solution"
    assert reasons(outcome) == ["unparsed_completion", "false_example", "holds_solution"]
    assert Triplet.model_validate(json.loads(rejected.row)) == ROW
    assert len(model.requests) == 3


def test_a_refusal_ends_it_and_the_row_stays(bench):
    outcome, model = restyle(bench, ROW, ["No.", "refuse", answer(GOOD)])
    assert outcome.kept == (ROW,)
    assert outcome.rejected[0].reason == "llm_refused"
    assert outcome.rejected[0].evidence.endswith("attempt 1: llm_refused: prompt too long")
    assert len(model.requests) == 2


def test_other_subsets_and_completion_tasks_pass_on(bench):
    done = ROW.model_copy(update={"style": "complete"})
    other = ROW.model_copy(update={"subset": "B"})
    for row, section in ((done, {}), (other, {"subsets": ["A"]})):
        outcome, model = restyle(bench, row, [], **section)
        assert outcome.kept == (row,)
        assert not model.requests
    assert len(restyle(bench, other, [answer(GOOD)])[0].kept) == 2


def test_a_task_that_shows_its_tests_is_flagged(bench):
    code = (
        'def letters(text, least=1):\n    """Letters.\n\n    >>> letters("abca", 2)\n    {\'a\'}\n'
        '    >>> letters("")\n    set()\n    """'
    )
    outcome, _ = restyle(bench, ROW, [answer(code)])
    assert outcome.kept[1].flags == ("slow", "tests_shown")
    assert outcome.kept[0].flags == ("slow",)


def test_examples_run_plainly_and_again_under_another_hash_seed():
    assert (EXAMPLES.plain, EXAMPLES.reruns) == (True, 1)


def test_a_pipeline_without_the_section_has_no_such_stage():
    with pytest.raises(ValueError, match="restyle"):
        RestyleStage(pipeline().model_copy(update={"restyle": None}), PROMPT)


def test_a_subset_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match=r"restyle\.subsets names 'C'"):
        Pipeline.model_validate(pipeline(subsets=["C"]).model_dump())


def test_the_example_in_the_shipped_prompt_is_what_it_asks_for(bench):
    text = (shipped("prompts") / "restyle.j2").read_text(encoding="utf-8")
    solution = (
        "def longest_word(words, least=1):\n    if least < 1:\n"
        '        raise ValueError("least must be positive")\n'
        '    return max((w for w in words if len(w) >= least), key=len, default="")\n'
    )
    test = (
        "from solution import longest_word\n\n\ndef test():\n"
        '    assert longest_word(["a", "bc"]) == "bc"\n'
    )
    rendered = Prompt(text).render(question="Q?", solution=solution, test=test)
    assert solution in rendered
    shown = rendered[rendered.rindex("<completion>") : rendered.rindex("</completion>")]
    outcome, _ = restyle(bench, triplet("Q?", solution, test), [shown])
    assert not outcome.rejected
    assert outcome.kept[1].question in text
