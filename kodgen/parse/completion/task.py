"""A completion task as a whole: read, brought into one form, and checked but for running it."""

from dataclasses import dataclass

from kodgen.parse.completion.bodies import surplus
from kodgen.parse.completion.examples import Documented, documentation, shows_all
from kodgen.parse.completion.fault import Fault
from kodgen.parse.completion.interface import interface_fault
from kodgen.parse.completion.needs import needs_of
from kodgen.parse.completion.normal import normalised, undefined_names
from kodgen.parse.completion.reading import read_skeleton
from kodgen.parse.python import python_tree


@dataclass(frozen=True, slots=True)
class CompletionTask:
    """A completion task that is in order as far as reading it tells."""

    text: str
    """Python source without a fence: imports, signatures, docstrings."""
    documented: tuple[Documented, ...]
    shows_tests: bool
    """Whether its examples hold everything that the tests compare."""


def completion_task(
    answer: str, finish_reason: str, *, question: str, solution: str, test: str
) -> CompletionTask | Fault:
    """The completion task in a model's answer, or the first thing that is wrong with it.

    Args:
        answer: What the model wrote.
        finish_reason: Why it stopped, as the server said.
        question: The task it was given to convert.
        solution: Verified source of `solution.py`.
        test: Source of the tests that verified it.
    """
    module, tests = python_tree(solution), python_tree(test)
    if module is None or tests is None:
        # They have run, but perhaps under a newer Python than this one.
        return Fault("unreadable_solution", "solution or tests do not parse here")
    code = read_skeleton(answer, finish_reason)
    if isinstance(code, Fault):
        return code
    needs = needs_of(tests, module)
    text = normalised(code, module, needs.names)
    skeleton = python_tree(text)
    if skeleton is None:
        return Fault("unparsed_completion", "it is no Python without its placeholders")
    found = (
        interface_fault(needs, skeleton, module)
        or surplus(skeleton, question)
        or documentation(needs, skeleton)
    )
    if isinstance(found, Fault):
        return found
    undefined = undefined_names(text)
    if undefined:
        return Fault("undefined_name", f"nothing brings {', '.join(undefined)}")
    return CompletionTask(text, found, shows_all(found, tests))
