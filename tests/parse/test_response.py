"""Code taken out of answers in full, however they are laid out."""

import time

import pytest

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

ADD = "def add(a, b):\n    return a + b"
ASKED = Asked(frozenset({"add"}), "Write `add(a, b)`.")
STUB = 'from typing import List\n\n\ndef total(xs: List[int]) -> int:\n    """Sum.\n\n    >>> total([1])\n    1\n    """'
TOTAL = Asked(frozenset({"total"}), STUB, "complete")


def fence(code, info="python"):
    return f"```{info}\n{code}\n```"


def code_of(answer, asked=ASKED):
    found = parse_response(answer, asked, "stop")
    assert isinstance(found, str), found
    return found


def run(code, call):
    names = {"__name__": "solution"}
    exec(compile(code, "solution", "exec"), names)
    return eval(call, names)


@pytest.mark.parametrize(
    "answer",
    [
        fence(ADD),
        fence(ADD, ""),
        fence(ADD, "py"),
        fence(ADD, "Python3"),
        fence(ADD, "python title=solution.py"),
        f"~~~python\n{ADD}\n~~~",
        f"Here it is:\n\n{fence(ADD)}\n\nIt adds. Done.",
        f"```python\n{ADD}",
        f"```python\n{ADD}\n\nThis works because + adds.",
        fence(ADD, "text"),
        f"````markdown\nSome words\n{fence(ADD)}\n````",
        f"<answer>\n{ADD}\n</answer>",
        f"<answer>\n{fence(ADD)}\n</answer>",
        f"<answer>{ADD}",
        ADD,
        f"The function:\n\n{ADD}\n\nThis function adds two numbers.",
        f"The function:\n\n{ADD}\nDone",
        "The function:\n\n    def add(a, b):\n        return a + b\n\nwhich adds.",
        f"1. As follows:\n\n   ```python\n   {ADD.replace(chr(10), chr(10) + '   ')}\n   ```",
    ],
)
def test_one_solution_however_it_is_wrapped(answer):
    assert code_of(answer) == ADD


class TestSeveralBlocks:
    def test_a_usage_example_behind_it_is_not_the_solution(self):
        usage = fence("from solution import add\n\nprint(add(1, 2))")
        assert code_of(f"{fence(ADD)}\nExample:\n{usage}") == ADD

    def test_a_snippet_that_explains_part_of_it_is_not_the_solution(self):
        full = "def add(a, b):\n    total = a\n    for _ in range(b):\n        total += 1\n    return total"
        part = "def add(a, b):\n    total = a\n    ..."
        assert code_of(f"{fence(full)}\nIt begins:\n{fence(part)}") == full
        assert code_of(f"It begins:\n{fence(part)}\nAll of it:\n{fence(full)}") == full

    def test_the_last_of_two_whole_ones_counts(self):
        first = "def add(a, b):\n    return sum([a, b])"
        assert code_of(f"{fence(first)}\nSimpler:\n{fence(ADD)}") == ADD

    @pytest.mark.parametrize(
        "words", ["An alternative approach:", "### Brute force", "This naive version is wrong:"]
    )
    def test_one_that_is_called_another_way_does_not_replace_it(self, words):
        other = "def add(a, b):\n    return sum([a, b])"
        assert code_of(f"{fence(ADD)}\n{words}\n{fence(other)}") == ADD

    def test_the_one_called_final_counts_wherever_it_stands(self):
        other = "def add(a, b):\n    return sum([a, b])"
        assert code_of(f"### Final solution\n{fence(ADD)}\nOr:\n{fence(other)}") == ADD

    def test_a_stub_of_the_signature_is_no_solution(self):
        stub = 'def add(a, b):\n    """Add."""\n    pass'
        assert code_of(f"{fence(ADD)}\nFor the signature\n{fence(stub)}") == ADD

    def test_helpers_in_another_block_are_joined(self):
        helper = "class Box:\n    def __init__(self, value):\n        self.value = value"
        main = "def add(a, b):\n    return Box(a).value + Box(b).value"
        code = code_of(f"A helper\n{fence(helper)}\nand\n{fence(main)}")
        assert code.index("class Box") < code.index("def add")
        assert run(code, "add(1, 2)") == 3

    def test_helpers_of_helpers_are_joined_and_what_nothing_needs_is_not(self):
        answer = "\n\n".join(
            fence(code)
            for code in (
                "import math",
                "def unused():\n    return 1",
                "def floor(x):\n    return math.floor(x)",
                "def add(a, b):\n    return floor(a) + floor(b)",
            )
        )
        code = code_of(answer)
        assert run(code, "add(1.5, 2.5)") == 3
        assert "unused" not in code

    def test_functions_told_one_by_one_are_joined_where_the_tests_need_all(self):
        asked = Asked(frozenset({"add", "sub"}))
        sub = "def sub(a, b):\n    return a - b"
        assert code_of(f"{fence(ADD)}\nand\n{fence(sub)}", asked) == f"{ADD}\n\n\n{sub}"

    def test_blocks_of_other_languages_are_passed_over(self):
        java = fence("int add(int a, int b) { return a + b; }", "java")
        shell = fence("pip install numpy", "bash")
        assert code_of(f"{shell}\n{fence(ADD)}\n{java}") == ADD

    def test_tests_of_its_own_are_no_part_of_it(self):
        tests = "from solution import add\n\n\ndef test_add():\n    assert add(1, 2) == 4"
        assert code_of(f"{fence(ADD)}\n{fence(tests)}") == ADD
        assert code_of(fence(f"{ADD}\n\n\n{tests}")) == ADD


class TestDemonstrations:
    @pytest.mark.parametrize(
        "demo",
        [
            "print(add(1, 2))",
            "# Example usage\nprint(add(1, 2))  # 3",
            "assert add(1, 2) == 4",
            "x = 1\ny = 2\nprint(add(x, y))",
            "for n in range(3):\n    print(add(n, n))",
            'if __name__ == "__main__":\n    print(add(int(input()), 2))',
            "a, b = map(int, input().split())\nprint(add(a, b))",
            "import doctest\n\ndoctest.testmod()"[len("import doctest\n\n") :],
        ],
    )
    def test_what_shows_or_asserts_at_the_end_is_left_out(self, demo):
        assert code_of(fence(f"{ADD}\n\n{demo}")) == ADD

    def test_what_the_functions_need_stays(self):
        code = "def add(a, b):\n    return a + b + ZERO\n\nZERO = 0"
        assert code_of(fence(f"{code}\nprint(add(1, 2))")) == code
        table = f"{ADD}\n\nTABLE = []\n\ndef fill():\n    TABLE.append(1)\n\nfill()"
        assert code_of(fence(table)) == table

    def test_an_alias_that_tests_need_stays(self):
        code = "def plus(a, b):\n    return a + b\n\nadd = plus"
        assert code_of(fence(f"{code}\nprint(add(1, 2))")) == code

    def test_what_functions_read_is_never_taken_for_an_example(self):
        code = "COUNT = 0\n\ndef add(a, b):\n    return a + b + COUNT\n\nCOUNT = 5"
        assert code_of(fence(f"{code}\nprint(add(1, 2))")) == code


class TestCompletionTasks:
    @pytest.mark.parametrize(
        "body",
        [
            fence("    result = 0\n    for x in xs:\n        result += x\n    return result"),
            fence("result = 0\nfor x in xs:\n    result += x\nreturn result"),
            fence("result = 0\n    for x in xs:\n        result += x\n    return result"),
            "    result = 0\n    for x in xs:\n        result += x\n    return result",
            "result = 0\nfor x in xs:\n    result += x\nreturn result\n\nThis sums all of them up.",
        ],
    )
    def test_a_body_alone_is_put_below_the_signature(self, body):
        code = code_of(body, TOTAL)
        assert code.startswith(STUB)
        assert run(code, "total([1, 2])") == 3

    def test_imports_that_the_task_gives_count_as_given(self):
        code = code_of(fence("def total(xs: List[int]) -> int:\n    return sum(xs)"), TOTAL)
        assert run(code, "total([1, 2])") == 3

    def test_a_whole_answer_is_taken_as_it_is(self):
        whole = "def total(xs):\n    return sum(xs)"
        assert code_of(fence(whole), TOTAL) == whole

    def test_an_instruction_is_not_gone_on_with(self):
        asked = Asked(frozenset({"total"}), STUB, "instruct")
        code = code_of(fence("result = sum(xs)\nresult"), asked)
        assert "def total" not in code


class TestNames:
    LENGTH = "def length(s):\n    return len(s)"

    def test_a_name_that_nobody_told_is_given(self):
        asked = Asked(frozenset({"word_length"}), "Return the length of a word.")
        assert run(code_of(fence(self.LENGTH), asked), "word_length('abc')") == 3

    def test_a_name_that_the_question_told_is_not(self):
        asked = Asked(frozenset({"word_length"}), "Write `word_length(s)`.")
        assert code_of(fence(self.LENGTH), asked) == self.LENGTH

    def test_where_several_functions_may_be_meant_none_is(self):
        asked = Asked(frozenset({"word_length"}), "Return the length of a word.")
        code = f"{self.LENGTH}\n\n\n{ADD}"
        assert code_of(fence(code), asked) == code

    @pytest.mark.parametrize(
        "question",
        [
            "Write `length(s)`.",
            "Write a function `length`.",
            "A function named length",
            "length(s)",
        ],
    )
    def test_a_plain_word_is_a_name_where_it_is_marked(self, question):
        assert tells(question, "length")

    def test_a_plain_word_is_none_elsewhere(self):
        assert not tells("Return the length of a word, or 0.", "length")
        assert tells("Return word_length of it.", "word_length")
        assert tells("def wordLength(s):", "wordLength")
        assert not tells("Return word_lengths.", "word_length")


class TestNothingFound:
    @pytest.mark.parametrize(
        "answer", ["I can't help with that.", "Sorry", "x + y", "```python\n```"]
    )
    def test_prose_is_no_code(self, answer):
        assert parse_response(answer, ASKED, "stop") == Unparsed("no_solution_found")

    def test_an_empty_answer_is_told_apart(self):
        assert parse_response(" \n", ASKED, "stop") == Unparsed("empty_completion")

    def test_what_was_cut_off_is_never_read(self):
        assert parse_response(fence(ADD), ASKED, "length") == Unparsed("truncated")

    def test_broken_code_is_for_the_sandbox_to_judge(self):
        assert "def add(a, b:" in code_of(fence("def add(a, b:\n    return a + b"))

    def test_a_program_without_the_function_is_for_the_sandbox_too(self):
        assert code_of(fence("total = 1\nfor n in range(3):\n    total += n")).startswith("total")


@pytest.mark.parametrize(
    "text",
    [
        "x = foo bar\n" * 5000,
        "def g(x): return\n" * 2000,
        'x = """\n' * 1000,
        "x = " + "(" * 20000,
        "<answer>" * 5000,
        "```python\ndef f(x): return x\n" + "print(f(1))\n" * 2000 + "```",
        "\x00\ud800```python\n\x00",
    ],
)
def test_no_text_takes_long_or_fails(text):
    begun = time.process_time()
    for style in "instruct", "complete":
        parse_response(text, Asked(frozenset({"total"}), STUB, style), "stop")
    assert time.process_time() - begun < 5


def test_reasoning_is_kept_apart_from_the_answer():
    assert split_reasoning("<think>\nHm.\n</think>\n\nYes.", None) == ("Hm.", "Yes.")
    assert split_reasoning("Hm.\n</think>\nYes.", None) == ("Hm.", "Yes.")
    assert split_reasoning("Yes.", "Hm.\n") == ("Hm.", "Yes.")
    assert split_reasoning("Yes.", None) == (None, "Yes.")
    assert split_reasoning("<think>\nHm. ```python\n1\n```", None) == ("Hm. ```python\n1\n```", "")


def test_code_in_the_reasoning_is_not_the_answer():
    _, answer = split_reasoning(
        f"<think>{fence('def add(a, b): return 0')}</think>{fence(ADD)}", None
    )
    assert code_of(answer) == ADD


def test_names_that_tests_need():
    assert wanted_names("from solution import a, b as c\n") == {"a", "b"}
    assert wanted_names("import solution as s\n\ndef test():\n    s.f(); other.g()\n") == {"f"}
    assert wanted_names("from solution import *\n\ndef test():\n    assert f(1)\n") == {"f"}
    assert wanted_names("import pytest\n\ndef test():\n    assert f(1)\n") == frozenset()
    assert asked_of("Q", "complete", "from solution import f").style == "complete"


def test_what_tests_borrowed_of_their_solution_they_import_themselves():
    solution = "from typing import List\nimport numpy as np\n\ndef f(xs: List[int]): ...\n"
    test = "from solution import List, f, np\n\ndef test():\n    x: List[int] = f(np.ones(1))\n"
    assert without_borrowed(solution, test).splitlines()[:3] == [
        "from typing import List",
        "import numpy as np",
        "from solution import f",
    ]
    kept = "from solution import f\n\ndef test():\n    f()\n"
    assert without_borrowed(solution, kept) == kept
    only = "from solution import List\n"
    assert without_borrowed(solution, only) == only


def test_classes_of_its_own():
    code = (
        "class Node:\n    def __init__(self): ...\n\n"
        "class Finder:\n    def find(self): ...\n\n"
        "class Given:\n    def go(self): ...\n"
    )
    assert own_classes(code, "Use `Given`.") == ("Finder",)
    assert wrapped_in_class(code, frozenset({"find"})) == ("Finder",)
    assert wrapped_in_class(f"{code}\ndef find(): ...\n", frozenset({"find"})) == ()
