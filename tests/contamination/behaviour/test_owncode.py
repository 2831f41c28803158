"""What of a row can be run."""

import pytest

from kodgen.contamination.behaviour.owncode import code_of
from kodgen.contamination.row import AuditedRow

CODE = "def f(x):\n    return x + 1\n"


def own(question, solution=None):
    found = code_of(AuditedRow("r", question, solution))
    return None if found is None else (found.field, found.code.strip())


def test_a_solution_goes_before_the_question():
    assert own(CODE, "def g(): return 1") == ("solution", "def g(): return 1")
    assert own(CODE, " \n") == ("question", CODE.strip())


@pytest.mark.parametrize(
    "question",
    [
        CODE,
        f"Here it is:\n\n```python\n{CODE}```\nAnd why it works.",
        f"{CODE}```\n\nI have renamed the function.",
        f"```python\ndef f(x):\n    ...\n```\nwhich becomes\n```python\n{CODE}```",
        CODE.replace("\n", "\r\n"),
    ],
)
def test_functions_written_out_in_a_question_are_found(question):
    field, code = own(question)
    assert field == "question"
    assert code.endswith(CODE.strip())


def test_several_blocks_are_one_module():
    question = f"```python\nimport math\n```\nthen\n```python\n{CODE}```"
    assert own(question)[1].startswith("import math")


@pytest.mark.parametrize(
    "question",
    [
        "Write a function that adds one.",
        'def f(x):\n    """Add one.\n    >>> f(1)\n    2\n    """\n',
        "class Solution:\n    def f(self, x):\n        pass\n",
        "def is a keyword of Python; explain it.",
        "```js\nfunction f(x) { return x + 1 }\n```",
        "\x00def f(x): return 1",
        "",
    ],
)
def test_statements_and_signatures_are_no_code(question):
    assert own(question) is None
