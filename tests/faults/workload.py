"""A pipeline small enough to be broken many times, with every kind of answer in it."""

import hashlib
from pathlib import Path
from typing import Any

from tests.building import BAD, GOOD, answer, jsonl, pipeline_file

GIVEN, WRITTEN = 12, 6
"""Questions that are given, and those that the model writes first."""
TASKS = (
    "the sum of a list of integers",
    "whether a string reads the same backwards",
    "the longest common prefix of several words",
    "how many vowels a sentence holds",
    "a matrix turned by ninety degrees",
    "the median of two sorted arrays",
    "all permutations of a short tuple",
    "the number of islands in a grid",
    "a roman numeral as an integer",
    "the day of the week of a date",
    "the shortest path through a maze",
    "a sentence with its words in reverse",
    "the prime factors of a number",
    "the edges of a spanning tree",
    "a temperature in another unit",
    "the parity of every row of a table",
    "a checksum of some bytes",
    "an amount in as few coins as can be",
)
SLOW = answer(
    "import time\n\n\ndef add(a, b):\n    time.sleep(0.3)\n    return a + b",
    "from solution import add\n\ndef test_add():\n    assert add(1, 2) == 3",
)


ADD, SUB = "def add(a, b):\n    return a + b", "def add(a, b):\n    return a - b"
COMPLETION = (
    "```python\ndef add(a, b):\n"
    '    """Return the sum of two numbers.\n\n    >>> add(2, 2)\n    4\n    """\n```'
)


def lay_out(folder: Path, url: str, **changes: Any) -> Path:
    """Write the pipeline and what it reads into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    given = [{"question": f"Write a function `add` for {task}."} for task in TASKS[:GIVEN]]
    jsonl(folder / "questions.jsonl", given)
    jsonl(folder / "exams.jsonl", [{"question": task} for task in TASKS[GIVEN:][:WRITTEN]])
    content: dict[str, Any] = {
        "subsets": [
            {
                "name": "Given",
                "method": "given",
                "seeds": {"path": "questions.jsonl", "text": "question", "license": "MIT"},
            },
            {
                "name": "Written",
                "method": "assessment",
                "seeds": {"path": "exams.jsonl", "text": "question", "license": "MIT"},
            },
        ],
        "solve": {"probe": 2, "budget": {"easy": 3, "medium": 4, "hard": 5}},
        "llm": {
            "backend": "openai",
            "model": "m",
            "base_url": url,
            "concurrency": 8,
            "timeout_seconds": 5,
            "give_up_seconds": 60,
        },
        "sandbox": {"cpu_seconds": 5, "stubs": False, "coverage": False},
        "crosscheck": {},
        "mutate": {"mutants": 2},
        "restyle": {"attempts": 2},
        "respond": {"attempts": 2},
        "prefer": {},
    }
    return pipeline_file(folder, url, **{**content, **changes})


def answers(body: dict[str, Any], request: str) -> str:
    """Right, slow, wrong and unreadable answers, by a hash of what is asked for."""
    if request.startswith("synthesize/"):
        prompt = body["messages"][-1]["content"]
        task = next((task for task in TASKS if task in prompt), "nothing")
        return f"Write a function `add`, in plain words, which handles {task} and little else."
    share = hashlib.sha256(request.encode()).digest()[0]
    if request.startswith("restyle/"):
        return COMPLETION if share < 180 else "I can't help with that."
    if request.startswith("respond/"):
        return f"<think>\nIs it {share}?\n</think>\n```python\n{ADD if share < 180 else SUB}\n```"
    if share < 100:
        return GOOD
    if share < 140:
        return SLOW
    return BAD if share < 230 else "I can't help with that."
