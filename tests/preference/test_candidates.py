import pytest

from kodgen.preference.candidates import answers, normalised, offers_the_same, standing
from kodgen.records import Verdict
from tests.preference.making import FAIL, answered, response, triplet

TEST = "from solution import add\n\ndef test_add():\n    assert add(1, 2) == 3\n"
ADD = "def add(a, b):\n    return a + b\n"


def said(outcome: str, reason: str = "") -> str:
    return standing(Verdict(outcome=outcome, reason=reason, isolation="namespaces"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        ("infra", "starved"),
        ("error", "missing_dependency"),
        ("error", "truncated"),
        ("error", "import_error"),
        ("timeout", "wall"),
        ("tampered", "integrity"),
        ("limit", "source_too_long"),
        ("vacuous", "stub"),
        ("flaky", "rerun"),
    ],
)
def test_what_says_nothing_of_the_code_is_unusable(outcome: str, reason: str) -> None:
    assert said(outcome, reason) == "unusable"


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [("failed", "assertion"), ("failed", "exception"), ("timeout", "cpu"), ("crash", "signal")],
)
def test_what_only_running_code_does_is_wrong(outcome: str, reason: str) -> None:
    assert said(outcome, reason) == "wrong"


@pytest.mark.parametrize(
    ("code", "same"),
    [
        ("def add(x, y):\n    return y + x\n", True),
        ("def add(x, y, z=0):\n    return y + x + z\n", True),
        ("def add(*parts):\n    return sum(parts)\n", True),
        ("def add(parts):\n    return sum(parts)\n", False),
        ("def add(x, y, z):\n    return x\n", False),
        ("def plus(x, y):\n    return x + y\n", False),
        ("class add:\n    pass\n", False),
        ("def add(x, y:\n", False),
    ],
)
def test_only_code_that_can_be_called_alike_is_compared(code: str, same: bool) -> None:
    assert offers_the_same(code, triplet("q", ADD, TEST)) == same


def test_classes_need_the_same_methods() -> None:
    stack = "class Stack:\n    def push(self, x): ...\n    def pop(self): ...\n"
    test = "from solution import Stack\n\ndef test_stack():\n    Stack().push(1)\n"
    assert offers_the_same(stack + "    def _own(self): ...\n", triplet("q", stack, test))
    assert not offers_the_same(
        "class Stack:\n    def push(self, x): ...\n", triplet("q", stack, test)
    )


def test_answers_in_full_go_before_attempts() -> None:
    code = "def add(a, b):\n    return '```'\n"
    row = answered("q", TEST, [ADD, None, code], [], responses=[response("q", 0, ADD, FAIL)])
    [answer] = answers(row, "auto")
    assert answer.text == f"<think>\nHm.\n</think>\n\nHere:\n\n```python\n{ADD}\n```"
    first, second = answers(row, "trials")
    assert first.text == f"```python\n{ADD}\n```"
    assert second.text == f"````python\n{code}\n````"
    assert second.order == 2
    assert len(answers(row.model_copy(update={"responses": ()}), "auto")) == 2
    assert answers(row.model_copy(update={"responses": ()}), "responses") == ()


def test_comments_and_layout_make_no_other_answer() -> None:
    assert normalised(ADD) == normalised("# Adds.\ndef add(a,  b): return (a+b)\n")
    assert normalised(ADD) != normalised("def add(a, b):\n    return b + a\n")
