"""Solution and tests out of completions, in every layout that models were seen to use."""

import textwrap

import pytest

from kodgen.parse.code import Code, parse_code
from kodgen.parse.unparsed import Unparsed

SOLUTION = "def add(a, b):\n    return a + b"
TEST = "from solution import add\n\ndef test_add():\n    assert add(1, 2) == 3"
CODE = Code(SOLUTION, TEST)


def fenced(code, language="python"):
    return f"```{language}\n{code}\n```"


def indented(text, by="   "):
    return textwrap.indent(text, by)


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
    "markers spoken of before": (
        "I'll put the module in <solution> and the tests in <tests>.\n"
        f"<solution>\n{fenced(SOLUTION)}\n</solution>\n<tests>\n{fenced(TEST)}\n</tests>"
    ),
    "markers spoken of at the begin of a line": (
        "You asked for\n<solution> and\n<tests> sections.\n"
        f"<solution>\n{SOLUTION}\n</solution>\n<tests>\n{TEST}\n</tests>"
    ),
    "markers spoken of after": (
        f"<solution>\n{fenced(SOLUTION)}\n</solution>\n<tests>\n{fenced(TEST)}\n</tests>\n"
        "<solution> holds the module, and\n<tests> its tests."
    ),
    "a draft before": (
        f"<solution>\n{fenced('def add(a, b): ...')}\n</solution>\nNo, better:\n"
        f"<solution>\n{fenced(SOLUTION)}\n</solution>\n<tests>\n{fenced(TEST)}\n</tests>"
    ),
    "a broken second version": (
        f"<solution>\n{fenced(SOLUTION)}\n</solution>\n<tests>\n{fenced(TEST)}\n</tests>\n"
        f"<solution>\n{fenced('def add(a')}\n</solution>"
    ),
    "bold markers": (
        f"**<solution>**\n{fenced(SOLUTION)}\n**</solution>**\n`<tests>`\n{TEST}\n`</tests>`"
    ),
    "tags on the lines of code": f"<solution>{SOLUTION}</solution>\n<tests>{TEST}</tests>",
    "fences on the lines of tags": (
        f"<solution>```python\n{SOLUTION}\n```</solution>\n<tests>```python\n{TEST}\n```</tests>"
    ),
    "all of it in a fence": (
        f"```\n<solution>\n{fenced(SOLUTION)}\n</solution>\n<tests>\n{fenced(TEST)}\n</tests>\n```"
    ),
    "tests inside the solution's tags": (
        f"<solution>\n{fenced(SOLUTION)}\n<tests>\n{fenced(TEST)}\n</tests>\n</solution>"
    ),
    "thinking that began in the prompt": (
        f"Maybe\n<solution>\n{fenced('x = 1')}\n</solution>\n<tests>\n{fenced('def test(): 1')}\n"
        f"</tests>?\n</think>\n\n{fenced(SOLUTION)}\n{fenced(TEST)}"
    ),
    "thinking under its long name": (
        f"<thinking>\n{fenced('def wrong(): ...')}\n</thinking>\n{fenced(SOLUTION)}\n{fenced(TEST)}"
    ),
    "fences in a list": (
        f"1. Solution:\n{indented(fenced(SOLUTION))}\n2. Tests:\n{indented(fenced(TEST))}"
    ),
    "list marks before the fences": (
        f"- {indented(fenced(SOLUTION), '  ').lstrip()}\n- {indented(fenced(TEST), '  ').lstrip()}"
    ),
    "indented tags": indented(f"<solution>\n{SOLUTION}\n</solution>\n<tests>\n{TEST}\n</tests>"),
    "fences behind the last line": (
        f"## Solution\n```python\n{SOLUTION}```\n\n## Tests\n```python\n{TEST}```\nDone."
    ),
    "fences behind the last line, bare": (
        f"```python\n{SOLUTION}```\nThen tests:\n```python\n{TEST}```"
    ),
    "tildes": f"~~~python\n{SOLUTION}\n~~~\nThen tests.\n~~~\n{TEST}\n~~~",
    "one block, the import between": fenced(f"{SOLUTION}\n\n\n{TEST}"),
    "one section of both": f"<solution>\n```\n{SOLUTION}\n\n{TEST}\n```\n</solution>",
    "shell before the tests": (
        f"## Solution\n{fenced(SOLUTION)}\n## Tests\n{fenced('pytest', 'bash')}\n{fenced(TEST)}"
    ),
    "shell under a heading of its own": (
        f"## Solution\n{fenced(SOLUTION)}\n## Tests\nRun\n{fenced('pytest -q', 'bash')}\n"
        f"## Test file\n{fenced(TEST)}"
    ),
    "headings of other things": (
        f"## 1. Solution\n### Code\n{fenced(SOLUTION)}\n## Tests\n{fenced(TEST)}\n"
        f"## Usage\n{fenced('print(add(1, 2))')}"
    ),
    "headings that name files": f"### `solution.py`\n{fenced(SOLUTION)}\n**test_solution.py**\n{fenced(TEST)}",
    "prose in the tags, code in blocks": (
        f"<solution>\nSee below.\n</solution>\n{fenced(SOLUTION)}\n{fenced(TEST)}"
    ),
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


MARKS = (
    "def page():\n    return '<test>' + '</test>' + '<solution>'",
    "PAGE = '''\n<test>\n</solution>\n'''\n\ndef page():\n    return PAGE",
    'def page():\n    """Like this:\n\n    ```python\n    page()\n    ```\n    """\n    return 1',
    "# Tests\n# ```\ndef page():\n    # </think>\n    return '</think>'",
    "def page():\n    return '''\n</think>\n'''",
)


@pytest.mark.parametrize("solution", MARKS)
@pytest.mark.parametrize(
    "layout",
    [
        "<solution>\n```python\n{}\n```\n</solution>\n<tests>\n```python\n{}\n```\n</tests>",
        "<solution>\n{}\n</solution>\n<tests>\n{}\n</tests>",
        "<think>\nhm\n</think>\n<solution>\n{}\n</solution>\n<tests>\n{}\n</tests>",
        "Hm.\n</think>\n<solution>\n{}\n</solution>\n<tests>\n{}\n</tests>",
        "### Solution\n```python\n{}\n```\n### Tests\n```python\n{}\n```",
    ],
)
def test_marks_inside_the_code_are_code(layout, solution):
    assert parse_code(layout.format(solution, TEST), "stop") == Code(solution, TEST)


def test_broken_code_is_for_the_sandbox_to_refuse():
    broken = "def add(a, b):\n    return (a"
    answer = f"<solution>\n{fenced(broken)}\n</solution>\n<tests>\n{fenced(TEST)}\n</tests>"
    assert parse_code(answer, "stop") == Code(broken, TEST)
    answer = f"<solution>\n{broken}\n</solution>\n<tests>\n{TEST}\n</tests>"
    assert parse_code(answer, "stop") == Code(broken, TEST)
    answer = f"## Solution\n{fenced(SOLUTION)}\n## Tests\n{fenced(broken)}"
    assert parse_code(answer, "stop") == Code(SOLUTION, broken)


def test_tests_that_lean_on_helpers_are_not_parted():
    test = "def make():\n    return add(1, 2)\n\n\ndef test_add():\n    assert make() == 3"
    assert parse_code(f"{fenced(SOLUTION)}\n{fenced(test)}", "stop") == Code(SOLUTION, test)


@pytest.mark.parametrize("tag", ["think", "thinking"])
def test_reasoning_without_end_gives_no_draft(tag):
    draft = f"<{tag}>\n<solution>\n{SOLUTION}\n</solution>\n<tests>\n{TEST}\n</tests>\nBut"
    assert parse_code(draft, "length") == Unparsed("truncated")
    assert parse_code(draft, "stop") == Unparsed("empty_completion")


def test_a_mere_mention_of_markers_is_no_code():
    text = "I'd write <solution> first.\n<solution> it is, and\n<tests> later."
    assert parse_code(text, "stop") == Unparsed("no_solution_found")


def test_one_file_is_parted_where_a_comment_says_so():
    both = f"# solution.py\n{SOLUTION}\n\n# test_solution.py\nX = 3\n\n\ndef test_add():\n    assert add(1, 2) == X"
    found = parse_code(fenced(both), "stop")
    assert isinstance(found, Code)
    assert found.solution == f"# solution.py\n{SOLUTION}"
    assert found.test.startswith("# test_solution.py\nX = 3\n")
