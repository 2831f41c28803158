"""Trees of a task's own texts, which whoever reads the task has made a moment ago."""

import ast

from kodgen.contamination.programs.trees import LONGEST_SOURCE
from kodgen.parse.python import python_tree


def task_tree(code: str) -> ast.Module | None:
    """As `tree_of`, but not to be changed, and not made again of one of the last few texts."""
    return None if len(code) > LONGEST_SOURCE else python_tree(code)
