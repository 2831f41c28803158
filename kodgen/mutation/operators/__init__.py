"""The kinds of small faults that are put into solutions, each a function from a node to changes.

The core are the five that Offutt et al. found to do nearly as much as all 22 of Mothra (An
Experimental Determination of Sufficient Mutant Operators, 1996): relational, logical and
arithmetic operators, the insertion of unary ones, and absolute values, here as lost signs. The
rest are those that tools for Python add for what its programs are made of: limits of ranges and
slices, constants, calls, left out statements.
"""

import ast
from collections.abc import Callable, Iterator, Mapping

from kodgen.mutation.operators.arithmetic import arithmetic, assignment
from kodgen.mutation.operators.boundary import boundary
from kodgen.mutation.operators.call import arguments, function
from kodgen.mutation.operators.comparison import comparison
from kodgen.mutation.operators.condition import boolean, branch, negation
from kodgen.mutation.operators.constant import constant, default, string
from kodgen.mutation.operators.statement import loop, removal, returned
from kodgen.mutation.source import Edit, Source

Operator = Callable[[ast.AST, Source], Iterator[Edit]]

OPERATORS: Mapping[str, Operator] = {
    operator.__name__: operator
    for operator in (
        comparison,
        boundary,
        arithmetic,
        assignment,
        constant,
        string,
        default,
        boolean,
        negation,
        branch,
        removal,
        returned,
        loop,
        function,
        arguments,
    )
}
"""By the name that a mutant's record gives."""
