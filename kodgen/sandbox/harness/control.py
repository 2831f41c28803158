"""The control run's rewriting of a test file: the last check of each test cannot be met.

Which check is the last is known only when the test runs: checks stand in branches, loops and
helpers, and `try: f(); assert False` has none that an honest solution reaches. So every check
reports to a hook (`probe.Hook`) that it came about, is carried out as written, and has its values
asked whether they would meet an impossible expectation as well. A test that comes to its end
after a check fails there, unless something lied. So an honest pair fails its control run, and one
that passes it is reported by something other than its checks.
"""

import ast
from typing import TypeVar

from .checks import (
    CATCHERS,
    FUNCTION,
    blocks,
    dotted,
    fails,
    has_check,
    is_catcher,
    is_fixed,
    is_flag,
    last_name,
    read_names,
)
from .lies import LEFT, RIGHT
from .probe import PREDICATES, Hook

_OWNERS = frozenset({"self", "testing", "npt"})
"""Whose `assert...` functions are known: a TestCase's own, numpy's and pandas' `testing`."""

_SWALLOWERS = CATCHERS | {"assertLogs", "subTest", "suppress"}
"""Contexts that keep a failure to themselves by design."""

_SYMBOLS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}

_Node = TypeVar("_Node", bound=ast.AST)


def impossible(tree: ast.Module) -> ast.Module:
    """Rewrite a test file's syntax tree, in place, for the control run.

    The module needs a `probe.Hook` among its globals, under `Hook.name`, before it runs. Line
    numbers stay as they are.
    """
    _Rewriter(tree).module(tree.body)
    return tree


class _Rewriter:
    def __init__(self, tree: ast.Module) -> None:
        self._names = read_names(tree)
        self._temporaries = 0

    def module(self, statements: list[ast.stmt]) -> None:
        """Rewrite the tests and helpers of a module or class."""
        for statement in statements:
            if isinstance(statement, FUNCTION):
                self._function(statement, test=statement.name.startswith("test"))
            elif isinstance(statement, ast.ClassDef):
                self.module(statement.body)
            else:
                for block in blocks(statement):
                    self.module(block)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, *, test: bool) -> None:
        body = node.body
        if test:
            self._guard_last_context(body)
        self._block(body, test=test)
        if not test:
            return
        documented = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
        first = 1 if documented and len(body) > 1 else 0
        watch = ast.With([ast.withitem(_call("watch", [], body[first]))], body[first:])
        node.body = [*body[:first], _at(watch, body[first])]

    def _block(self, statements: list[ast.stmt], *, test: bool) -> None:
        for statement in statements:
            self._statement(statement, test=test)

    def _statement(self, node: ast.stmt, *, test: bool) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._function(node, test=False)
                return
            case ast.Assert():
                node.test = _call("holds", [self._truth(node.test)], node.test)
            case ast.Expr(value=ast.Call() as call):
                self._called(call)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    if is_catcher(item.context_expr):
                        _wrap(item.context_expr, "catcher")
            case ast.If() if fails([*node.body, *node.orelse], raising=test):
                node.test = _call("check", [self._truth(node.test)], node.test)
            case ast.Try() if fails([*node.body, *node.orelse], raising=test):
                _mark_handlers(node)
            case _:
                pass
        for block in blocks(node):
            self._block(block, test=test)

    def _called(self, call: ast.Call) -> None:
        """A call alone in its statement."""
        name = last_name(call.func)
        if name in CATCHERS:
            _wrap(call, "catcher")
        elif name.startswith("assert"):
            if name in {"assertTrue", "assertFalse"} and call.args:
                call.args[0] = self._truth(call.args[0])
            _wrap(call, "asserts", name, bool(_OWNERS & dotted(call.func)))

    def _truth(self, node: ast.expr) -> ast.expr:
        """An expression whose truth a check rests on, with the comparisons in it probed."""
        match node:
            case ast.Compare():
                return self._compare(node)
            case ast.BoolOp():
                node.values = [self._truth(value) for value in node.values]
            case ast.UnaryOp(op=ast.Not()):
                node.operand = self._truth(node.operand)
            case ast.IfExp():
                node.body, node.orelse = self._truth(node.body), self._truth(node.orelse)
            case ast.NamedExpr():
                node.value = self._truth(node.value)
            case ast.Tuple(elts=[first, *_]):
                node.elts[0] = self._truth(first)
            case ast.Call():
                self._truth_of_call(node)
            case _:
                pass
        return node

    def _truth_of_call(self, node: ast.Call) -> None:
        name = last_name(node.func)
        plain = isinstance(node.func, ast.Name)
        if name in {"all", "any", "bool"} and plain:
            for argument in node.args:
                if isinstance(argument, ast.GeneratorExp | ast.ListComp | ast.SetComp):
                    argument.elt = self._truth(argument.elt)
                elif isinstance(argument, ast.List | ast.Tuple | ast.Set):
                    argument.elts = [self._truth(element) for element in argument.elts]
                elif name == "bool":
                    node.args = [self._truth(argument)]
        if name not in PREDICATES or self._is_solutions(node.func):
            return
        if plain or name not in {"all", "any"}:
            _wrap(node, "predicate", name)

    def _compare(self, node: ast.Compare) -> ast.expr:
        left, operators, comparators = node.left, node.ops, node.comparators
        if len(operators) == 1:
            if is_flag(comparators[0]):
                left = self._truth(left)
            return self._one(left, operators[0], comparators[0], node)
        parts: list[ast.expr] = []
        for operator, right in zip(operators[:-1], comparators[:-1], strict=True):
            name = f"__kodgen_{self._temporaries}__"
            self._temporaries += 1
            kept = ast.NamedExpr(_at(ast.Name(name, ast.Store()), right), right)
            parts.append(self._one(left, operator, _at(kept, right), node))
            left = _at(ast.Name(name, ast.Load()), right)
        parts.append(self._one(left, operators[-1], comparators[-1], node))
        return _at(ast.BoolOp(ast.And(), parts), node)

    def _one(
        self, left: ast.expr, operator: ast.cmpop, right: ast.expr, place: ast.expr
    ) -> ast.expr:
        sides = 0 if is_fixed(left) else LEFT
        # A matcher that the test itself made (`mock.ANY`) stands where the expectation stands.
        if not is_fixed(right) and not (self._names.matchers and sides):
            sides += RIGHT
        symbol = _at(ast.Constant(_SYMBOLS[type(operator)]), place)
        asked = _at(ast.Constant(sides), place)
        return _call("compare", [symbol, left, right, asked], place)

    def _guard_last_context(self, body: list[ast.stmt]) -> None:
        """Let a failure pass through the last context with checks, if the solution made it."""
        for position in range(len(body) - 1, -1, -1):
            node = body[position]
            if not has_check(node):
                continue
            if isinstance(node, ast.With | ast.AsyncWith) and any(
                isinstance(item.context_expr, ast.Call)
                and last_name(item.context_expr.func) not in _SWALLOWERS
                and self._is_solutions(item.context_expr.func)
                for item in node.items
            ):
                last = node.body[-1]
                node.body.append(_at(ast.Expr(_call("leave", [], last)), last))
                after = _at(ast.Expr(_call("swallowed", [], last)), last)
                body.insert(position + 1, after)
            return

    def _is_solutions(self, function: ast.expr) -> bool:
        """Whether what is called comes from the solution by name."""
        while isinstance(function, ast.Attribute | ast.Call):
            function = function.value if isinstance(function, ast.Attribute) else function.func
        return isinstance(function, ast.Name) and self._names.solutions(function.id)


def _mark_handlers(node: ast.Try) -> None:
    """An exception that keeps a test from its failure is the check it has."""
    for handler in node.handlers:
        place = handler.body[0]
        reached = _call("check", [_at(ast.Constant(None), place)], place)
        handler.body.insert(0, _at(ast.Expr(reached), place))


def _wrap(call: ast.expr, method: str, *known: str | bool) -> None:
    """Put a method of the hook around the function that is called."""
    assert isinstance(call, ast.Call)
    constants: list[ast.expr] = [_at(ast.Constant(value), call.func) for value in known]
    call.func = _call(method, [*constants, call.func], call.func)


def _call(method: str, arguments: list[ast.expr], place: ast.AST) -> ast.Call:
    """A call of the hook's method, where `place` stands."""
    hook = _at(ast.Name(Hook.name, ast.Load()), place)
    function = _at(ast.Attribute(hook, method, ast.Load()), place)
    return _at(ast.Call(function, arguments, []), place)


def _at(node: _Node, place: ast.AST) -> _Node:
    return ast.copy_location(node, place)
