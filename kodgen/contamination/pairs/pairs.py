"""What tests say a function gives for what: pairs of arguments and result, of literals alone."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kodgen.contamination.pairs.spelt import Spelt, spelt
from kodgen.contamination.pairs.values import Value, value_of
from kodgen.contamination.programs.blocks import block_of

LEAST_BITS = 5.0
"""Bits of a pair that tell nothing: `f(2) == 4`, `f([]) == []` and `f(7) is True` are met in
tests of anything."""
ENOUGH_BITS = 20.0
"""Bits beyond the least that are evidence of one source. A pair brings half of them at most, so
that two telling pairs are enough and one never is."""

_WRAPPERS = frozenset(
    {"list", "tuple", "set", "sorted", "round", "float", "int", "str", "abs", "dict", "bool"}
)
_APPROXIMATE = frozenset({"isclose", "approx", "allclose"})
_UNITTEST = frozenset(
    {
        *("assertEqual", "assertEquals", "assertAlmostEqual", "assertListEqual"),
        *("assertTupleEqual", "assertDictEqual", "assertSetEqual", "assertIs"),
        *("assertCountEqual", "assertSequenceEqual", "assert_equal"),
    }
)
_TRUTHS = {"assertTrue": True, "assertFalse": False, "assertIsNone": None}


@dataclass(frozen=True, slots=True)
class Pair:
    """Arguments and the result that they are said to give."""

    arguments: Value
    result: Value
    spelt: Spelt | None = field(default=None, compare=False, repr=False)
    """What the two are written as; None if in names."""

    @property
    def key(self) -> str:
        """What two sources share, whatever their function is called."""
        return f"({self.arguments.spelling[1:-1]}) -> {self.result.spelling}"

    def written(self) -> tuple[str, str]:
        """Arguments and result as one would write them, in the order of the source."""
        if self.spelt is None:
            return self.arguments.spelling, self.result.spelling
        return self.spelt.arguments, self.spelt.result

    @property
    def bits(self) -> float:
        """How unlikely it is that two sources chose it apart from each other.

        A result that is one of the arguments tells as little as a truth value does.
        """
        repeated = self.result.spelling in self.arguments.spelling
        return self.arguments.bits - 2 + (1.0 if repeated else self.result.bits)

    @property
    def weight(self) -> float:
        """Share of the evidence needed, 0 for a trivial pair and 0.5 at most."""
        return min(max(self.bits - LEAST_BITS, 0.0) / ENOUGH_BITS, 0.5)


def checked_pairs(tree: ast.AST, known: dict[str, Value] | None = None) -> Iterator[Pair]:
    """Pairs that a test module checks, in order.

    Read are `assert`s that compare a call with a literal (either way round, nearly or exactly, or
    its truth), the same by `unittest`'s methods, tables of `parametrize` that end in the result,
    and names that the function gave a literal before.
    """
    known = dict(known or {})
    for node in block_of(tree):
        if isinstance(node, ast.Assign):
            _remember(node, known)
        elif isinstance(node, ast.Assert):
            yield from _checked(node.test, known)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield from _called(node.value, known)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                yield from _table(decorator, known)
        if isinstance(node, ast.stmt | ast.ExceptHandler) and hasattr(node, "body"):
            yield from checked_pairs(node, known)


def _remember(node: ast.Assign, known: dict[str, Value]) -> None:
    value = value_of(node.value, known)
    for target in node.targets:
        if isinstance(target, ast.Name):
            if value is None:
                known.pop(target.id, None)
            else:
                known[target.id] = value


def _checked(test: ast.expr, known: dict[str, Value]) -> Iterator[Pair]:
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        for one in test.values:
            yield from _checked(one, known)
    elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from _pair(test.operand, ast.Constant(False), known)
    elif isinstance(test, ast.Compare) and len(test.ops) == 1:
        left, right = test.left, test.comparators[0]
        if isinstance(test.ops[0], ast.Eq | ast.Is):
            yield from _pair(left, right, known)
        elif isinstance(test.ops[0], ast.Lt | ast.LtE):
            yield from _difference(left, known)
    elif isinstance(test, ast.Call):
        name = _name(test.func)
        if name in _APPROXIMATE and len(test.args) >= 2:
            yield from _pair(test.args[0], test.args[1], known)
        elif name not in _WRAPPERS:
            yield from _pair(test, ast.Constant(True), known)


def _difference(node: ast.expr, known: dict[str, Value]) -> Iterator[Pair]:
    """Of `abs(f(x) - y)`, when it is said to be small."""
    if isinstance(node, ast.Call) and _name(node.func) in {"abs", "fabs"} and len(node.args) == 1:
        inner = node.args[0]
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Sub):
            yield from _pair(inner.left, inner.right, known)


def _called(call: ast.Call, known: dict[str, Value]) -> Iterator[Pair]:
    name = _name(call.func)
    if name in _UNITTEST and len(call.args) >= 2:
        yield from _pair(call.args[0], call.args[1], known)
    elif name in _TRUTHS and call.args:
        yield from _checked_truth(call.args[0], _TRUTHS[name], known)


def _checked_truth(node: ast.expr, truth: bool | None, known: dict[str, Value]) -> Iterator[Pair]:
    if truth is True:
        yield from _checked(node, known)
    else:
        yield from _pair(node, ast.Constant(truth), known)


def _table(decorator: ast.expr, known: dict[str, Value]) -> Iterator[Pair]:
    if not isinstance(decorator, ast.Call) or _name(decorator.func) != "parametrize":
        return
    if len(decorator.args) < 2 or not isinstance(decorator.args[1], ast.List | ast.Tuple):
        return
    for line in decorator.args[1].elts:
        if isinstance(line, ast.Call) and _name(line.func) == "param":
            cells = line.args
        else:
            cells = line.elts if isinstance(line, ast.List | ast.Tuple) else []
        if len(cells) >= 2:
            yield from made(cells[:-1], cells[-1], known)


def _pair(left: ast.expr, right: ast.expr, known: dict[str, Value]) -> Iterator[Pair]:
    for checked, told in ((left, right), (right, left)):
        call, result = _unwrapped(checked), _plain(told)
        if isinstance(call, ast.Call) and (call.args or call.keywords):
            arguments = [*call.args, *(one.value for one in call.keywords)]
            pairs = list(made(arguments, result, known))
            if pairs:
                yield from pairs
                return


def made(
    arguments: Sequence[ast.expr], result: ast.expr, known: dict[str, Value]
) -> Iterator[Pair]:
    """The pair of some arguments and a result, if there are any and all are literals."""
    given = ast.Tuple(elts=list(arguments), ctx=ast.Load())
    told, gives = value_of(given, known), value_of(result, known)
    if arguments and told is not None and gives is not None:
        named = any(isinstance(node, ast.Name) for node in (*arguments, result))
        yield Pair(told, gives, None if named else spelt(arguments, result))


def _unwrapped(node: ast.expr) -> ast.expr:
    """The call inside `sorted(f(x))`, `round(f(x), 2)` and their like."""
    while (
        isinstance(node, ast.Call)
        and _name(node.func) in _WRAPPERS
        and node.args
        and isinstance(node.args[0], ast.Call)
    ):
        node = node.args[0]
    return node


def _plain(node: ast.expr) -> ast.expr:
    """The literal inside `approx(2.5)`, `sorted([..])` and their like."""
    if isinstance(node, ast.Call) and node.args and not isinstance(node.args[0], ast.Call):
        name = _name(node.func)
        if name in _APPROXIMATE or name in _WRAPPERS - {"set", "float"}:
            return node.args[0]
    return node


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
