"""Takes solution and tests out of what a model wrote, however it laid them out.

The prompt asks for `<solution>` and `<tests>` sections with fenced code. Real models also answer
with other markers, with Markdown headings, with no fences, with bare fenced blocks, or with both
files in one; each of these layouts is tried in turn, the most explicit first.
"""

from dataclasses import dataclass
from functools import lru_cache

from kodgen.parse.fences import python_blocks
from kodgen.parse.layouts import LAYOUTS, Candidate, Key, Layout, ends_inside_code
from kodgen.parse.python import GOOD, rank
from kodgen.parse.reasoning import without_reasoning
from kodgen.parse.split import split_code
from kodgen.parse.unparsed import Unparsed


@dataclass(frozen=True, slots=True)
class Code:
    """Solution and test source, both non-empty."""

    solution: str
    test: str


def parse_code(text: str, finish_reason: str) -> Code | Unparsed:
    """Find solution and tests in a completion.

    A layout counts where it gives Python. Where none does, the most explicit text that looks like
    code is taken: that it is broken is for the sandbox to say.

    Reasons: `empty_completion`, `no_solution_found`, `no_tests_found`, and `truncated` in place of
    the last two where the completion was cut off at its token limit, or where it was cut off
    inside the code, so that tests may be missing though what is there reads as Python.
    """
    text = without_reasoning(text.replace("\r\n", "\n"))
    cut_off = finish_reason == "length"
    if not text.strip():
        return Unparsed("truncated" if cut_off else "empty_completion")
    found = _found(text)
    if cut_off and (not isinstance(found, Code) or ends_inside_code(text)):
        return Unparsed("truncated")
    return found


def _found(text: str) -> Code | Unparsed:
    solution, test = _best(text, "solution"), _best(text, "test")
    if solution and test and test not in solution:
        return Code(solution, test)
    # What is missing may be in the same file as what was found.
    both = [code for code in (solution, test) if code]
    both += (block.code for block in reversed(python_blocks(text)))
    for code in both:
        if halves := split_code(code):
            return Code(*halves)
    return Unparsed("no_tests_found" if solution else "no_solution_found")


def _best(text: str, key: Key) -> str | None:
    """The last good candidate of the first layout that has one, or what comes nearest to it."""
    best, reached = None, 0
    for layout in LAYOUTS:
        for candidate in reversed(_candidates(layout, text)):
            value = rank(candidate.code, tests=key == "test") if candidate.key == key else 0
            if value > reached:
                best, reached = candidate.code, value
        if reached >= GOOD:
            break
    return best


@lru_cache(maxsize=64)
def _candidates(layout: Layout, text: str) -> tuple[Candidate, ...]:
    """What a layout finds, kept while solution and tests are taken from it in turn."""
    return tuple(layout(text))
