"""A test file that tells whether a skeleton can be imported and its examples hold."""

import inspect
from collections.abc import Sequence
from functools import cache

from kodgen.parse.completion import holding
from kodgen.parse.completion.examples import Documented
from kodgen.parse.completion.fault import Fault
from kodgen.records import Verdict

SKELETON = "test_skeleton"
_EXAMPLES = "test_examples_"
_ERROR = "Example"
"""What the exception is called by which a test says which example does not hold, from 0. Messages
may differ from run to run, so nothing that is kept is read from them."""


def trial_of(text: str, documented: Sequence[Documented]) -> str:
    """A pytest file to run against the solution.

    Args:
        text: The completion task.
        documented: Its examples.
    """
    tests = "".join(
        f"""

def {_EXAMPLES}{number}():
    false = first_false(EXAMPLES[{number}], dict(vars(solution)))
    if false is not None:
        raise type("{_ERROR}%d" % false, (AssertionError,), {{}})
"""
        for number in range(len(documented))
    )
    examples = "".join(f"    {list(one.shown)!r},\n" for one in documented)
    return f"""{_holding()}

import solution

TASK = {text!r}
EXAMPLES = [
{examples}]


def {SKELETON}():
    exec(compile(TASK, "task", "exec"), {{"__name__": "solution"}})
{tests}"""


def fault_of(verdict: Verdict, documented: Sequence[Documented]) -> Fault | None:
    """What the verdict of such a file says: `broken_skeleton`, `false_example`, or nothing."""
    if verdict.passed:
        return None
    failed = [result for result in verdict.tests if result.outcome != "passed"]
    for result in failed:
        if result.name == SKELETON:
            return Fault("broken_skeleton", f"importing it raises {result.error}")
    for result in failed:
        number = result.name.removeprefix(_EXAMPLES)
        example = result.error.removeprefix(_ERROR)
        if result.name != number and number.isdecimal():
            one = documented[int(number)]
            if example.isdecimal() and int(example) < len(one.shown):
                source, want, raises, _ = one.shown[int(example)]
                return Fault(
                    "false_example",
                    f"of {one.name or 'the module'}: {source.strip()!r} does not give "
                    f"{(raises or want).strip()!r}",
                )
    said = verdict.reason or verdict.outcome
    return Fault("false_example", f"running its examples ends in {verdict.outcome} ({said})")


@cache
def _holding() -> str:
    return inspect.getsource(holding)
