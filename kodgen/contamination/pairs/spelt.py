"""What a pair of arguments and result is written as, told once and without its syntax tree."""

import ast
from collections.abc import Sequence
from typing import NamedTuple

from kodgen.contamination.pairs.number_lists import NumberList, number_lists
from kodgen.contamination.pairs.written import written
from kodgen.parse.nodes import nodes


class Spelt(NamedTuple):
    """Arguments and result as one would write them, in the order of the source.

    Plain texts, since pairs go from process to process, and trees take ten times as long.
    """

    each: tuple[str, ...]
    """Arguments one by one."""
    result: str
    texts: tuple[str, ...]
    """That stand somewhere among the arguments."""
    lists: tuple[NumberList, ...]

    @property
    def arguments(self) -> str:
        """As a tuple."""
        return f"({self.each[0]},)" if len(self.each) == 1 else f"({', '.join(self.each)})"


def spelt(arguments: Sequence[ast.expr], result: ast.expr) -> Spelt:
    """What literals are written as."""
    constants = (
        one for one in nodes(ast.Tuple(elts=list(arguments))) if isinstance(one, ast.Constant)
    )
    return Spelt(
        tuple(map(written, arguments)),
        written(result),
        tuple(one.value for one in constants if isinstance(one.value, str)),
        number_lists(arguments, result),
    )
