"""Answers of models, as they lay them out."""

import ast

import pytest

from kodgen.parse.completion.fault import Fault
from kodgen.parse.completion.filling import filled
from kodgen.parse.completion.reading import read_skeleton

CODE = 'def f(x: int) -> int:\n    """One more.\n\n    >>> f(1)\n    2\n    """'


@pytest.mark.parametrize(
    "answer",
    [
        f"<completion>\n```python\n{CODE}\n```\n</completion>",
        f"<|Completion Begin|>\n{CODE}\n<|Completion End|>",
        f"<|Completion Begin|>\n```python\n{CODE}\n```\n\n<|Completion End|>",
        f"<|Completion Begin|>\n{CODE}",
        f"### <completion>\n{CODE}\n### </completion>\nI hope that this helps.",
        f"```python\n{CODE}\n```",
        f"Here it is:\n\n```\n{CODE}\n```\n\nIt has one example.",
        CODE,
        f"{CODE}\n<|Completion End|>",
        f"<think>\n```python\ndef g(): pass\n```\n</think>\n<completion>\n{CODE}\n</completion>",
        f"```python\ndef f(x):\n    return x + 1\n```\nbecomes\n```python\n{CODE}\n```",
        f"<completion>\r\n{CODE}\r\n</completion>".replace("\n", "\r\n").replace("\r\r", "\r"),
    ],
)
def test_the_code_is_found_however_it_is_laid_out(answer):
    assert read_skeleton(answer, "stop") == CODE


def test_the_last_of_several_sections_is_meant():
    first = CODE.replace("One more", "Draft")
    answer = f"<completion>\n{first}\n</completion>\nBetter:\n<completion>\n{CODE}\n</completion>"
    assert read_skeleton(answer, "stop") == CODE


def test_a_docstring_may_speak_of_a_marker():
    code = CODE.replace("One more.", "One more than `<completion>`.")
    assert read_skeleton(f"<completion>\n{code}\n</completion>", "stop") == code


@pytest.mark.parametrize(
    ("answer", "finish", "said"),
    [
        ("", "stop", "empty"),
        ("<think>so", "stop", "empty"),
        ("I can't do that.", "stop", "nothing"),
        ("<completion>\ndef MyStack:\n    pass\n</completion>", "stop", "nothing"),
        ("<completion>\nx = 1\n</completion>", "stop", "nothing"),
        (f"<completion>\n```python\n{CODE}", "length", "cut off"),
    ],
)
def test_an_answer_without_code_says_why(answer, finish, said):
    found = read_skeleton(answer, finish)
    assert isinstance(found, Fault)
    assert found.reason == "unparsed_completion"
    assert said in found.detail


def test_an_answer_cut_off_behind_its_end_is_whole():
    assert read_skeleton(f"<completion>\n{CODE}\n</completion>\nNow", "length") == CODE


@pytest.mark.parametrize(
    "code",
    [
        "def f(x):",
        "def f(x):\n    # your code here\n",
        "class A:\n    def f(self):\n        # here\n\n    def g(\n        self,\n    ):\n\nclass B:\n",
        "async def f(x):\n    # here\n\nif True:\n    def g():\n",
    ],
)
def test_missing_bodies_are_filled_in(code):
    found = filled(code)
    assert found is not None
    tree = ast.parse(found)
    written = [line for line in code.split("\n") if line.strip()]
    assert [line for line in found.split("\n") if line.strip() not in {"", "pass"}] == written
    assert all(isinstance(node.body[0], ast.Pass) for node in ast.walk(tree)
               if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))  # fmt: skip


@pytest.mark.parametrize("code", ["def f(:\n    pass", "    x = 1\n  y = 2", "def f(x)\n    pass"])
def test_what_is_no_python_stays_none(code):
    assert filled(code) is None
