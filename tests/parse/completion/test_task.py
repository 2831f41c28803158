"""What is wrong with a completion task, found by reading it."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kodgen.parse.completion.fault import Fault
from kodgen.parse.completion.task import CompletionTask, completion_task
from kodgen.parse.python import python_tree

SOLUTION = """\
from typing import List
from collections import deque

LIMIT = 9


def total(values: List[int], start: int = 0) -> int:
    return sum(values, start)


class Stack:
    def __init__(self, size):
        self.items = deque()
        self.size = size

    def push(self, value):
        if len(self.items) < self.size:
            self.items.append(value)

    def pop(self, default=None):
        return self.items.pop() if self.items else default

    @staticmethod
    def kind():
        return "lifo"

    def _grow(self):
        self.size += 1


class Node:
    def __init__(self, value, next_node=None):
        self.value = value
        self.next_node = next_node
"""
TEST = "from solution import total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n"
STACK_TEST = """\
from solution import Stack


def test_stack():
    stack = Stack(2)
    stack.push(1)
    assert stack.pop() == 1
    assert Stack.kind() == "lifo"
"""
TOTAL = '''\
def total(values: List[int], start: int = 0) -> int:
    """Add values up.

    >>> total([4, 5])
    9
    """
'''
STACK = '''\
class Stack:
    """A stack of at most `size` values.

    >>> stack = Stack(1)
    >>> stack.push(5)
    >>> stack.pop()
    5
    """

    def __init__(self, size):
        self.items = deque()

    def push(self, value):
        """Put a value on top."""
        pass

    def pop(self, default=None):
        """Take the value off the top."""
        raise NotImplementedError("write me")

    @staticmethod
    def kind():
        ...
'''


def read(answer, test=TEST, question="Add up.", solution=SOLUTION):
    return completion_task(answer, "stop", question=question, solution=solution, test=test)


def made(*arguments, **more):
    found = read(*arguments, **more)
    assert isinstance(found, CompletionTask), found
    return found


def reason(*arguments, **more):
    found = read(*arguments, **more)
    assert isinstance(found, Fault), found
    return found.reason


def test_a_good_one_is_kept_with_the_imports_that_it_needs():
    task = made(TOTAL)
    assert task.text == f"from typing import List\n\n\n{TOTAL}".rstrip()
    assert [(one.name, len(one.shown)) for one in task.documented] == [("total", 1)]
    assert not task.shows_tests


def test_imports_come_from_the_solution_or_from_typing_below_what_must_be_first():
    code = f'"""A module."""\n\nfrom __future__ import annotations\n\n{TOTAL}'
    wanted = code.replace("values: List[int]", "values: Sequence[np.int64] | Optional[List]")
    solution = SOLUTION + "\nimport numpy as np\nfrom collections.abc import Sequence\n"
    task = made(wanted, solution=solution)
    tree = ast.parse(task.text)
    assert ast.get_docstring(tree) == "A module."
    assert [ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)
            ] == [
        "from __future__ import annotations",
        "import numpy as np",
        "from collections.abc import Sequence",
        "from typing import List, Optional",
    ]  # fmt: skip


def test_what_it_binds_is_not_imported_again():
    task = made("from typing import List\n\n" + TOTAL)
    assert task.text.count("import") == 1


def test_placeholders_below_a_docstring_and_a_main_guard_go():
    code = (
        f'{TOTAL}    pass\n    # your code here\n\n\nif __name__ == "__main__":\n    total([1])\n'
    )
    assert made(code).text == made(TOTAL).text
    task = made(STACK, STACK_TEST)
    assert "write me" not in task.text
    assert "pass" not in task.text
    assert task.text.endswith("...")  # without a docstring it is the body
    assert python_tree(task.text)


def test_a_class_under_test_may_be_a_skeleton():
    assert [one.name for one in made(STACK, STACK_TEST).documented] == ["Stack"]


@pytest.mark.parametrize(
    ("code", "test"),
    [
        (TOTAL.replace("total", "add"), TEST),
        (TOTAL, "import solution\n\ndef test():\n    assert solution.Stack(1)\n"),
        (TOTAL, "from solution import total, LIMIT\n\ndef test():\n    assert total([]) == 0\n"),
        (TOTAL, "from solution import *\n\ndef test():\n    assert Node(total([])).value == 0\n"),
        (STACK.replace("def pop", "def take"), STACK_TEST),
        (TOTAL, "def test():\n    assert True\n"),
    ],
)
def test_what_the_tests_use_must_be_there(code, test):
    assert reason(code, test) == "missing_function"


def test_what_only_the_solution_needs_may_be_left_out():
    made(STACK, STACK_TEST)
    assert "_grow" not in STACK


@pytest.mark.parametrize(
    ("code", "test"),
    [
        (TOTAL.replace("values:", "numbers:"), TEST),
        (TOTAL.replace("start: int = 0", "*, start: int = 0"), TEST),
        (TOTAL.replace("start: int = 0", "start: int"), TEST),
        (TOTAL.replace("start: int = 0", "start: int = 1"), TEST),
        (TOTAL.replace("start: int = 0", "start"), TEST.replace("([1, 2])", "(*[[1, 2]])")),
        (TOTAL.replace("def", "async def"), TEST),
        (STACK.replace("self, size", "self, capacity"), STACK_TEST),
        (STACK.replace("default=None", "default"), STACK_TEST),
        (STACK.replace("    @staticmethod\n", ""), STACK_TEST),
        ("class total:\n    pass\n", TEST),
    ],
)
def test_parameters_are_those_of_the_solution(code, test):
    assert reason(code, test) == "other_parameters"


def test_a_default_that_no_test_relies_on_may_be_left_out():
    test = TEST.replace("total([1, 2])", "total([1, 2], start=0)")
    made(TOTAL.replace("start: int = 0", "start: int"), test)


@pytest.mark.parametrize(
    "body",
    ["    return sum(values, start)\n", "    result = 0\n", "    for v in values:\n        pass\n"],
)
def test_a_body_gives_the_solution_away(body):
    assert reason(TOTAL + body) == "holds_solution"


@pytest.mark.parametrize(
    ("init", "wanted"),
    [
        ("self.size = size", None),
        ("self.items: list = []", None),
        ("self.best = float('-inf')", None),
        ("self.by = defaultdict(list)", None),
        ("self.items = deque(maxlen=size)", "holds_solution"),
        ("self.items = [None] * size", "holds_solution"),
        ("self.push(size)", "holds_solution"),
        ("size = 1", "holds_solution"),
    ],
)
def test_a_constructor_may_store_and_begin_empty(init, wanted):
    code = "from collections import defaultdict\n" + STACK.replace("self.items = deque()", init)
    found = read(code, STACK_TEST)
    assert getattr(found, "reason", None) == wanted


def test_what_the_question_gives_in_full_may_stand():
    helper = "def first(values):\n    return values[0]\n"
    assert reason(helper + TOTAL) == "holds_solution"
    made(helper + TOTAL, question=f"Use this:\n```python\n{helper}```\nto add up.")
    other = helper.replace("[0]", "[1]")
    assert reason(other + TOTAL, question=f"```python\n{helper}```") == "holds_solution"


def test_tests_and_other_code_do_not_belong():
    assert reason(TOTAL + "\ndef test_total():\n    assert total([]) == 0\n") == "holds_tests"
    assert reason(TOTAL + "\nassert total([]) == 0\n") == "holds_tests"
    assert reason(TOTAL + "\nprint(total([1]))\n") == "stray_code"
    assert reason(TOTAL + "\nresult = total([1])\n") == "stray_code"
    assert reason(TOTAL + "\ntotal = lambda values: 0\n") == "stray_code"
    made("try:\n    import numpy\nexcept ImportError:\n    numpy = None\nMOD = 10**9 + 7\n" + TOTAL)


def test_docstrings_and_examples_must_be_there():
    bare = "def total(values, start=0):\n    pass\n"
    assert reason(bare) == "no_docstring"
    assert reason(bare.replace("pass", '"""Add up."""')) == "no_examples"
    assert reason(TOTAL.replace(">>> total([4, 5])\n    9", ">>> 4 + 5\n    9")) == "no_examples"
    assert reason(TOTAL.replace("\n    9", "")) == "no_examples"
    assert reason(TOTAL.replace("5])", "5])  # doctest: +SKIP")) == "no_examples"
    assert reason(TOTAL.replace(">>> total", ">>>total")) == "no_examples"
    assert reason(TOTAL.replace("5])", "5]) -> 9")) == "no_examples"
    assert reason(STACK.replace('"""Put', '"""').replace(">>>", ">>"), STACK_TEST) == "no_examples"


def test_a_class_that_only_holds_values_needs_neither():
    node = (
        "class Node:\n    def __init__(self, value, next_node=None):\n        self.value = value\n"
    )
    test = TEST.replace("total\n", "Node, total\n").replace("[1, 2]", "[Node(1).value, 2]")
    assert "class Node" in made(node + TOTAL, test).text


def test_every_function_under_test_needs_an_example():
    test = TEST + "    assert Stack.kind()\n"
    code = TOTAL + STACK.replace(">>> ", "")
    assert reason(code, test.replace("total\n", "Stack, total\n", 1)) == "no_examples"


def test_a_name_that_nothing_brings_is_told():
    found = read(TOTAL.replace("-> int", "-> Total"))
    assert found == Fault("undefined_name", "nothing brings Total")


def test_examples_that_show_all_the_tests_are_flagged():
    more = "    assert total([1, 2], 5) == 8\n"
    code = TOTAL.replace("[4, 5]", "[1, 2]").replace("    9", "    3")
    assert made(code).shows_tests
    assert not made(code, TEST + more).shows_tests
    assert not made(TOTAL).shows_tests


@pytest.mark.parametrize(
    ("start", "test"),
    [
        ("start", "import solution as s\n\ndef test():\n    assert s.total([1]) == 1\n"),
        ("start", "from solution import total as t\n\ndef test():\n    assert t([1]) == 1\n"),
        ("start", TEST.replace("([1, 2])", "([1, 2], 0)") + "    check(total)\n"),
        ("start=0", "from solution import total as t\n\ndef test():\n    assert t([1]) == 1\n"),
    ],
)
def test_calls_are_seen_under_whatever_name(start, test):
    found = read(TOTAL.replace("start: int = 0", start), test)
    assert getattr(found, "reason", None) == ("other_parameters" if start == "start" else None)


def test_code_that_is_only_python_to_a_parser_is_none():
    assert reason(TOTAL.replace("start:", "values:")) == "unparsed_completion"
    assert reason(TOTAL + "\nreturn 1\n") == "unparsed_completion"


def test_a_solution_in_a_later_python_is_told():
    assert reason(TOTAL, solution="def f(:\n") == "unreadable_solution"
    assert reason(TOTAL, test="def f(:\n") == "unreadable_solution"


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_answer_is_an_error(data):
    """Good answers with pieces cut out, doubled and put in elsewhere."""
    text = (
        f"<completion>\n```python\n{data.draw(st.sampled_from([TOTAL, STACK]))}```\n</completion>"
    )
    for _ in range(data.draw(st.integers(1, 4))):
        begin, end, at = sorted(data.draw(st.integers(0, len(text))) for _ in range(3))
        piece = data.draw(st.sampled_from(['"""', ">>> ", "def ", "(", "\0", "\ud800", "\n", "  "]))
        text = text[:begin] + data.draw(st.sampled_from([text[end:at], piece])) + text[end:]
    found = read(text, STACK_TEST)
    assert isinstance(found, Fault | CompletionTask)
    if isinstance(found, CompletionTask):
        compile(found.text, "task", "exec")
