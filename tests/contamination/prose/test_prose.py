import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kodgen.contamination.prose.prose import prose

SAID = "Return the numbers that occur more than once, in ascending order. Ignore zeros."

PYTHON = '''from typing import List

def repeated(numbers: List[int]) -> List[int]:
    """Return the numbers that occur more than once,
    in ascending order. Ignore zeros.
    >>> repeated([3, 1, 3])
    [3]
    """
    seen = set()  # what came before
    # walk through it
    for number in numbers:
        seen.add(number)
    return sorted(seen)
'''
SLASHES = """#include <vector>
using namespace std;
{mark} Return the numbers that occur more than once,
{mark} in ascending order. Ignore zeros.
{mark} >>> repeated({{3, 1, 3}})
{mark} {{3}}
vector<int> repeated(vector<int> numbers) {{
    // walk through all of the numbers given
    int total = 0;
"""
STARS = """public class Solution {
    /**
     * Return the numbers that occur <b>more than once</b>,
     * in ascending order. Ignore zeros.
     */
    public static int[] repeated(int[] numbers) {
        return numbers; // nothing yet to be said of it
    }
}
"""
MARKDOWN = """## Task

Return the **numbers** that occur more than once,
in `ascending` order. Ignore zeros.

### Example 1:

Input: numbers = [3, 1, 3]
Output: [3]
Explanation: The number 3 occurs two times in the list.

You can start with this signature:

```python
def repeated(numbers):
    pass
```
"""
SEMICOLONS = """#lang racket
;; Return the numbers that occur more than once,
;; in ascending order. Ignore zeros.
(define (repeated numbers)
"""
QUOTED = '''"""
Return the numbers that occur more than once, in ascending order. Ignore zeros.
assert repeated([3, 1, 3]) == [3]
"""
'''
BLOCK = """/* Return the numbers that occur more than once,
   in ascending order. Ignore zeros. */
int* repeated(int* numbers, int size) {
    for (int i = 0; i < size; i++) {
        /* a step of no interest to anyone */
    }
}
"""
IN_A_FENCE = f"```python\n{PYTHON}```\n"


@pytest.mark.parametrize(
    "text",
    [
        SAID,
        PYTHON,
        PYTHON.replace('"""', "'''").replace("    >>> repeated", "    Examples:\n    >>> repeated"),
        PYTHON.replace(">>> repeated([3, 1, 3])\n    [3]", "For example:\n    repeated([3]) ➞ []"),
        PYTHON.replace(
            ">>> repeated([3, 1, 3])\n    [3]", "repeated([3, 1, 3]) should return [3]."
        ),
        *(SLASHES.format(mark=mark) for mark in ("//", "///", "//!")),
        STARS,
        STARS.replace("     * ", "     "),
        MARKDOWN,
        SEMICOLONS,
        SEMICOLONS.replace("#lang racket", "").replace(";;", "--"),
        QUOTED,
        QUOTED.replace("repeated([3, 1, 3])", "set(repeated([3, 1, 3]))"),
        BLOCK,
        IN_A_FENCE,
    ],
)
def test_whatever_wraps_a_statement_is_taken_off(text: str) -> None:
    assert prose(text) == SAID
    assert prose(text.replace("\n", "\r\n")) == SAID


def test_comments_inside_of_functions_speak_where_nothing_else_does() -> None:
    body = "def f(numbers):\n    # find the numbers that occur more than once\n    return numbers\n"
    assert prose(body) == "find the numbers that occur more than once"
    assert prose("Sort the list that you are given.\n" + body) == (
        "Sort the list that you are given."
    )
    assert prose("int f(int a) {\n    // add one to the number given\n    return a + 1;\n}\n") == (
        "add one to the number given"
    )


def test_comments_of_the_steps_in_a_fence_are_left_out() -> None:
    fenced = (
        "Plot what the function given returns.\n```python\nimport math\n"
        "def f(x):\n    return x\n\n# now call it for all the values\nf(1)\n```\n"
    )
    assert prose(fenced) == "Plot what the function given returns."
    head = "Please complete the function below.\n```cpp\n#include <cmath>\n// Halve the number.\n"
    assert prose(head + "int half(int x) {\n```") == (
        "Please complete the function below.\nHalve the number."
    )


def test_paragraphs_and_items_are_lines() -> None:
    text = "Write a class that can\n\n- add a number to it;\n- remove the number\n  added last.\n"
    assert prose(text) == (
        "Write a class that can\nadd a number to it;\nremove the number added last."
    )


def test_samples_of_a_contest_go_and_its_input_and_output_stay() -> None:
    text = (
        "Chef counts cookies of every kind.\n\n-----Input-----\nOne line with n, the number of "
        "cookies.\n\n-----Output-----\nPrint the number of kinds.\n\n-----Examples-----\nInput\n3\n"
        "1 2 1\n\nOutput\n2\n\n-----Note-----\nThere are two kinds in the first sample.\n"
    )
    assert prose(text) == (
        "Chef counts cookies of every kind.\nOne line with n, the number of cookies.\n"
        "Print the number of kinds."
    )


def test_a_statement_after_its_examples_is_kept() -> None:
    text = (
        'def f(s):\n    """Count the vowels of a word.\n    Example:\n    f("aeb") => 2\n'
        '    Here y counts as a vowel too.\n    """\n'
    )
    assert prose(text) == "Count the vowels of a word.\nHere y counts as a vowel too."


@pytest.mark.parametrize(
    "text",
    [
        "half(n) = n / 2 where n is even",
        "Given two integers a and b, return a if a > b; otherwise return the sum of both.",
        "Find x = a + b where a is given and b is the smallest prime above a.",
        "For each word in the text, say how often it occurs.",
        "If the list is empty, raise ValueError; the caller will catch it;",
        "Return the class of the animal that is named.",
        "import all of the rows and print those that are empty",
        "Schreibe eine Funktion, die alle Vokale größer schreibt.",
        "Верните сумму всех чисел в списке.",
    ],
)
def test_sentences_are_not_taken_for_code(text: str) -> None:
    assert prose(text) == text


@pytest.mark.parametrize("text", ["", " \n", "def f(x):\n    return x\n", "```\nx = 1\n```", "}\n"])
def test_code_without_words_says_nothing(text: str) -> None:
    assert prose(text) == ""


def test_markup_is_turned_to_words() -> None:
    text = (
        "Given \\( n \\le 10 \\) [numbers](https://example.org/n) in a `List<int>`, print &lt;b&gt; and "
        "*only* _that_.\n:param n: how many numbers there are\n@return nothing of use to a caller"
    )
    assert prose(text) == (
        "Given n <= 10 numbers in a List<int>, print <b> and only that. n: how many numbers there "
        "are nothing of use to a caller"
    )


@settings(deadline=None, max_examples=200)
@given(st.text(st.sampled_from("ab \n\"'`#/*{}()>=[].:;1-~\\$<"), max_size=200))
def test_any_text_gives_plain_lines(text: str) -> None:
    said = prose(text)
    assert said == said.strip()
    assert all(line and line == " ".join(line.split()) for line in said.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        unit * (100_000 // len(unit))
        for unit in (
            "a ", "[", "![", "](http://", "`", "*a", "f(", ")", "- ", "a:", "```\n", '"""\n', "/*\n",
            "(", "def f(\n", "{\n", "For example. ", ".  A", "code ", "$", "\\text{", "\n", "<a ", "1",
            ">>> f\n", "Example 1\n", "a" * 1000 + "\n", "\t", "int a ", "x = ", "- - -", "{@a b",
        )
    ],
    ids=lambda text: repr(text[:12]),
)  # fmt: skip
def test_hostile_texts_take_linear_time(text: str) -> None:
    started = time.perf_counter()
    prose(text)
    assert time.perf_counter() - started < 8
