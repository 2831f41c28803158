"""Solution and tests out of completions, in every layout that models were seen to use."""

import pytest

from kodgen.parse.code import Code, Unparsed, parse_code

SOLUTION = "def add(a, b):\n    return a + b"
TEST = "from solution import add\n\ndef test_add():\n    assert add(1, 2) == 3"
CODE = Code(SOLUTION, TEST)


def fenced(code, language="python"):
    return f"```{language}\n{code}\n```"


LAYOUTS = {
    "tags and fences": f"<solution>\n{fenced(SOLUTION)}\n</solution>\n<tests>\n{fenced(TEST)}\n</tests>",
    "tag in the singular": f"<solution>{fenced(SOLUTION)}</solution>\n<test>\n{fenced(TEST)}\n</test>",
    "tags without fences": f"<solution>\n{SOLUTION}\n</solution>\n<tests>\n{TEST}\n</tests>",
    "prose inside and around": (
        f"Sure!\n<solution>\nHere it is:\n{fenced(SOLUTION)}\nIt adds.\n</solution>\n"
        f"<tests>\n{fenced(TEST)}\nThese cover it.\n</tests>\nDone."
    ),
    "closing markers missing": f"<solution>\n{fenced(SOLUTION)}\n<tests>\n{fenced(TEST)}",
    "bar markers": (
        f"<|Solution Begin|>\n{fenced(SOLUTION)}\n<|Solution End|>\n"
        f"<|Test Begin|>\n{fenced(TEST)}\n<|Test End|>"
    ),
    "a stray tick before the fence": (
        f"<|Solution Begin|>\n{fenced(SOLUTION)}\n<|Solution End|>\n"
        f"<|Test Begin|>``\n{fenced(TEST)}\n<|Test End|>"
    ),
    "a fence of one tick": (
        f"<|Solution Begin|>\n{fenced(SOLUTION)}\n<|Solution End|>\n"
        f"<|Test Begin|>`python\n{TEST}\n```\n<|Test End|>"
    ),
    "headings": f"### Solution\n\n{fenced(SOLUTION)}\n\n### Unit Tests\n\n{fenced(TEST)}\n",
    "bold headings": f"**Solution:**\n{fenced(SOLUTION)}\n**Tests:**\n{fenced(TEST)}\n",
    "bare blocks": f"First the code.\n{fenced(SOLUTION)}\nThen tests.\n{fenced(TEST)}\n",
    "bare blocks, no language": f"{fenced(SOLUTION, '')}\n{fenced(TEST, '')}",
    "a shell block between": f"{fenced(SOLUTION)}\n{fenced('pip install x', 'bash')}\n{fenced(TEST)}",
    "windows line ends": f"<solution>\n{SOLUTION}\n</solution>\n<tests>\n{TEST}\n</tests>".replace(
        "\n", "\r\n"
    ),
    "thinking first": (
        f"<think>maybe <solution>{fenced('wrong')}</solution></think>\n"
        f"<solution>\n{fenced(SOLUTION)}\n</solution>\n<tests>\n{fenced(TEST)}\n</tests>"
    ),
    "half tagged, half bare": f"{fenced(SOLUTION)}\n<tests>\n{fenced(TEST)}\n</tests>",
    "four ticks": f"<solution>\n````python\n{SOLUTION}\n````\n</solution>\n<tests>\n{fenced(TEST)}\n</tests>",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_code(layout):
    assert parse_code(LAYOUTS[layout], "stop") == CODE


def test_a_module_told_in_pieces_is_put_together():
    pieces = f"{fenced('import math')}\nand then\n{fenced(SOLUTION)}"
    text = f"<solution>\n{pieces}\n</solution>\n<tests>\n{fenced(TEST)}\n</tests>"
    assert parse_code(text, "stop") == Code(f"import math\n\n{SOLUTION}", TEST)


def test_pieces_that_do_not_fit_give_the_longest():
    text = f"<solution>\n{fenced('def broken(')}\n{fenced(SOLUTION)}\n</solution>\n<tests>\n{TEST}\n</tests>"
    assert parse_code(text, "stop") == CODE


@pytest.mark.parametrize(
    ("text", "finish", "reason"),
    [
        ("", "stop", "empty_completion"),
        ("  \n", "length", "truncated"),
        ("I can't help with that.", "stop", "no_solution_found"),
        (f"<solution>\n{fenced(SOLUTION)}\n</solution>", "stop", "no_tests_found"),
        (f"<solution>\n{fenced(SOLUTION)}\n</solution>", "length", "truncated"),
        (f"<tests>\n{fenced(TEST)}\n</tests>", "stop", "no_solution_found"),
        ("<solution>\n\n</solution>\n<tests>\n\n</tests>", "stop", "no_solution_found"),
    ],
)
def test_what_is_missing_is_named(text, finish, reason):
    assert parse_code(text, finish) == Unparsed(reason)


def test_complete_code_counts_though_the_model_was_cut_off_after_it():
    text = f"<solution>\n{fenced(SOLUTION)}\n</solution>\n<tests>\n{fenced(TEST)}\n</tests>\nAnd so"
    assert parse_code(text, "length") == CODE


def test_code_is_not_reindented_or_rewrapped():
    solution = "def f():\n\treturn '''a\n  b'''  "
    text = f"<solution>\n{fenced(solution)}\n</solution>\n<tests>\n{fenced(TEST)}\n</tests>"
    found = parse_code(text, "stop")
    assert isinstance(found, Code)
    assert found.solution == solution.rstrip()


@pytest.mark.parametrize(
    "text",
    [
        f"<solution>\n{fenced(SOLUTION)}\n</solution>\n<tests>\n```python\n{TEST}\n\ndef test_z",
        f"<solution>\n{SOLUTION}\n</solution>\n<tests>\n{TEST}\n",
        f"{fenced(SOLUTION)}\n```python\n{TEST}\n",
    ],
)
def test_code_cut_off_in_the_middle_is_truncated_though_it_may_read_as_python(text):
    assert parse_code(text, "length") == Unparsed("truncated")
