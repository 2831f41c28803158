"""Tells mutants that gave other outputs, which the tests let pass, from those that gave the same.

The tests are run once more, against the solution and against each mutant that they did not
notice, with what they are given written down (`kodgen.mutation.recorder`). A comparison inside of
one run, each call made twice on copies, would have to copy generators, callbacks and instances of
the mutant's classes, and would do every effect twice; two runs need none of that, as the sandbox
gives both the same hash seed, random seed and folder.
"""

import ast
from functools import cache
from pathlib import Path

from kodgen.mutation.source import Source
from kodgen.records import Verdict
from kodgen.sandbox import testfile

LAST = "test_recorded_calls"
"""Name of the test that comes last, and always fails: its error's name is the digest."""
_ERROR = "Recorded_"
_NAME = "_recorder_of_calls"


def probing(test: str) -> str | None:
    """The same tests, with what they are given written down; None if they can't be parsed."""
    tree = testfile.parse(test)
    if tree is None:
        return None
    source = Source(test)
    at = _first_line_after_declarations(tree, source)
    before, after = source.data[:at].decode(), source.data[at:].decode()
    module = f'type(__import__("sys"))("{_NAME}")'
    lines = (
        f"{_NAME} = {module}",
        f"exec({_recorder()!r}, {_NAME}.__dict__)",
        f"{_NAME} = {_NAME}.install('solution', __name__)",
    )
    return (
        (f"{before}\n" if before else "")
        + "\n".join(lines)
        + f"\n{after}\n\n\ndef {LAST}():\n    raise {_NAME}.error()\n"
    )


@cache
def _recorder() -> str:
    return Path(__file__).with_name("recorder.py").read_text(encoding="utf-8")


def _first_line_after_declarations(tree: ast.Module, source: Source) -> int:
    """The byte after a docstring and the `__future__` imports, which must come first."""
    at = 0
    for number, node in enumerate(tree.body):
        docstring = number == 0 and ast.get_docstring(tree, clean=False) is not None
        if not docstring and not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            break
        at = source.span(node)[1]
    return at


def digest(verdict: Verdict) -> str | None:
    """What a run of such tests wrote down; None if it did not come to its end as it should."""
    *others, last = verdict.tests or (None,)
    if last is None or last.name != LAST or not last.error.startswith(_ERROR):
        return None
    if any(one is None or one.outcome != "passed" for one in others):
        return None
    return last.error.removeprefix(_ERROR)
