"""Fenced blocks as models write them."""

import time

import pytest

from kodgen.parse.code import parse_code
from kodgen.parse.fences import fenced_blocks, python_blocks


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("```\na\n```", ["a"]),
        ("````py\na\n````\n~~~Python3\nb\n~~~", ["a", "b"]),
        ("``` python title=x\na\n``` and so on\nprose", ["a"]),
        ("`python\na\n`", ["a"]),
        ("```solution.py\na\n```", ["a"]),
        ("<tests>```python\na\n```</tests>", ["a"]),
        ("1. ```python\n   a\n   b\n   ```", ["a\nb"]),
        ("```python\na\n```python\nb\n```", ["a", "b"]),
        ("```python\na```\n```python\nb", ["a", "b"]),
        ("```python\n# ```\n# a\n# ```\nb\n```", ["# ```\n# a\n# ```\nb"]),
        ("```python\n'''\n```\na\n```\n'''\n```\n```\nb\n```", ["'''\n```\na\n```\n'''", "b"]),
        ("```bash\na\n```\n```js\nb\n```\n```pycon\nc\n```", []),
        ("no `code` and ```none``` here", []),
        ("```python", [""]),
    ],
)
def test_python_blocks(text, codes):
    assert [block.code for block in python_blocks(text)] == codes


def test_spans_and_what_is_left_open():
    text = "a\n```\nb\n```\n```text\nc"
    first, second = fenced_blocks(text)
    assert (text[first.start : first.end], first.closed, first.is_python) == ("b\n", True, True)
    assert (text[second.start : second.end], second.closed, second.is_python) == ("c", False, False)


@pytest.mark.parametrize(
    "piece",
    [
        "`",
        "```\n",
        "```python\n",
        "<solution>\n",
        "<tests>\nx\n</solution>\n",
        "</think>\n",
        "## Tests\n",
        "<",
        " ",
        "```\na\n```\n",
        "## Solution\n```python\na=1\n```\n",
        "<solution>```python\na=1\n```</solution>\n",
        "<solution>\n" + "</tests>\n" * 13,
        "```\na\n```\n</think>",
    ],
)
def test_models_that_loop_cost_little(piece):
    started = time.process_time()
    parse_code(piece * (120_000 // len(piece)), "length")
    parse_code("<think>" + piece * (120_000 // len(piece)), "stop")
    assert time.process_time() - started < 8
