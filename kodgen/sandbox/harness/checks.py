"""What in a test file is a check, and where its names come from: read from its syntax tree.

A check is one of:

* `assert`;
* a call, alone in its statement, of something named `assert...`;
* `pytest.raises`, `pytest.warns`, `self.assertRaises` and their like;
* `if` with a `raise`, `assert False` or call of `...fail` in its body;
* `try` with such a statement in it, once one of its handlers runs.
"""

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass

CATCHERS = frozenset(
    {"raises", "warns", "assertRaises", "assertRaisesRegex", "assertWarns", "assertWarnsRegex"}
)
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = ("body", "orelse", "finalbody")


def surely_checked(tree: ast.Module) -> frozenset[str]:
    """The tests, as `test_a` or `TestB::test_c`, that cannot pass without reaching a check.

    Read from a tree that is not rewritten. Such a check stands in the test's own body, or in a
    loop there over a literal that is not empty, with no `return` before it.
    """
    found: dict[str, bool] = {}
    _survey(tree.body, "", found)
    return frozenset(name for name, sure in found.items() if sure)


@dataclass(frozen=True, slots=True)
class Names:
    """What the names in a test file say of where things come from."""

    imported: frozenset[str]
    """From the solution, by name."""
    elsewhere: frozenset[str] | None
    """If all of the solution is imported: names that are bound otherwise."""
    matchers: bool
    """The test has, or imports, objects that equal others on purpose."""

    def solutions(self, name: str) -> bool:
        """Whether a global name is the solution's."""
        return name in self.imported or (
            self.elsewhere is not None
            and name not in self.elsewhere
            and not hasattr(builtins, name)
        )


def read_names(tree: ast.Module) -> Names:
    """Read the names in a test file, wherever they are bound."""
    imported: set[str] = set()
    elsewhere: set[str] = set()
    matchers = False
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module="solution"):
                imported.update(alias.asname or alias.name for alias in node.names)
            case ast.Import() | ast.ImportFrom():
                for alias in node.names:
                    bound = alias.asname or alias.name.partition(".")[0]
                    (imported if alias.name == "solution" else elsewhere).add(bound)
                    matchers = matchers or alias.name == "ANY"
            case ast.Name(ctx=ast.Store()):
                elsewhere.add(node.id)
            case ast.arg():
                elsewhere.add(node.arg)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                elsewhere.add(node.name)
                matchers = matchers or node.name == "__eq__"
            case ast.ClassDef():
                elsewhere.add(node.name)
            case ast.Attribute(attr="ANY"):
                matchers = True
            case _:
                pass
    others = frozenset(elsewhere) if "*" in imported else None
    return Names(frozenset(imported), others, matchers)


def _survey(statements: list[ast.stmt], scope: str, found: dict[str, bool]) -> None:
    for node in statements:
        if isinstance(node, FUNCTION) and node.name.startswith("test"):
            found[scope + node.name] = _surely(node.body, {})
        elif isinstance(node, ast.ClassDef):
            _survey(node.body, f"{scope}{node.name}::", found)


def _surely(statements: list[ast.stmt], filled: dict[str, bool]) -> bool:
    """Whether statements, if all goes well, come to a check. `filled`: names of full literals."""
    for node in statements:
        match node:
            case ast.If() if fails([*node.body, *node.orelse], raising=True):
                return True
            case ast.For() if _is_filled(node.iter, filled) and _surely(node.body, filled):
                return True
            case ast.Assign(targets=[ast.Name(id=name)]):
                filled[name] = _is_filled(node.value, filled)
            case _ if _checks_at_once(node):
                return True
            case _:
                pass
        if _leaves(node):
            return False
    return False


def _checks_at_once(node: ast.stmt) -> bool:
    if isinstance(node, ast.With | ast.AsyncWith):
        return any(is_catcher(item.context_expr) for item in node.items)
    return isinstance(node, ast.Assert) or _is_check_call(node)


def _is_filled(node: ast.expr, filled: dict[str, bool]) -> bool:
    if isinstance(node, ast.Name):
        return filled.get(node.id, False)
    return isinstance(node, ast.List | ast.Tuple) and any(
        not isinstance(element, ast.Starred) for element in node.elts
    )


def _leaves(node: ast.stmt) -> bool:
    """Whether a statement may end the function, or the loop it is in."""
    return any(
        isinstance(part, ast.Return | ast.Raise | ast.Break | ast.Continue)
        for part in _own_parts(node)
    )


def has_check(node: ast.stmt) -> bool:
    """Whether a check is anywhere in a statement, functions defined there left out."""
    return any(
        isinstance(part, ast.Assert)
        or (isinstance(part, ast.stmt) and _is_check_call(part))
        or is_catcher(part)
        for part in _own_parts(node)
    )


def _own_parts(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it, but not what is in functions defined there."""
    stack = [node]
    while stack:
        part = stack.pop()
        if not isinstance(part, (*FUNCTION, ast.Lambda, ast.ClassDef)):
            yield part
            stack.extend(ast.iter_child_nodes(part))


def _is_check_call(node: ast.stmt) -> bool:
    if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        return False
    name = last_name(node.value.func)
    return name.startswith("assert") or name in CATCHERS


def is_catcher(node: ast.AST) -> bool:
    """Whether this is a call of `pytest.raises` or its like."""
    return isinstance(node, ast.Call) and last_name(node.func) in CATCHERS


def fails(statements: list[ast.stmt], *, raising: bool) -> bool:
    """Whether one of the statements fails the test; `raising`: any exception does."""
    return any(_is_failure(statement, raising=raising) for statement in statements)


def _is_failure(node: ast.stmt, *, raising: bool) -> bool:
    match node:
        case ast.Assert(test=ast.Constant(value=value)):
            return not value
        case ast.Raise(exc=exception):
            return raising or (
                exception is not None and "AssertionError" in _names_in_call(exception)
            )
        case ast.Expr(value=ast.Call(func=function)):
            return last_name(function) == "fail"
        case _:
            return False


def _names_in_call(node: ast.expr) -> set[str]:
    return dotted(node.func if isinstance(node, ast.Call) else node)


def dotted(node: ast.expr) -> set[str]:
    """The names in `a.b.c`."""
    found: set[str] = set()
    while isinstance(node, ast.Attribute):
        found.add(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        found.add(node.id)
    return found


def last_name(node: ast.expr) -> str:
    """`c` of `a.b.c`; nothing of what is no such chain."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def is_flag(node: ast.expr) -> bool:
    """Whether this is the literal `True` or `False`."""
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)


def is_fixed(node: ast.expr) -> bool:
    """Whether an expression is a literal, or a matcher known by its name."""
    match node:
        case ast.Constant():
            return True
        case ast.Name(id="ANY") | ast.Attribute(attr="ANY"):
            return True
        case ast.UnaryOp():
            return is_fixed(node.operand)
        case ast.List() | ast.Tuple() | ast.Set():
            return all(is_fixed(element) for element in node.elts)
        case ast.Dict():
            return all(key is None or is_fixed(key) for key in node.keys) and all(
                is_fixed(value) for value in node.values
            )
        case _:
            return False


def blocks(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The lists of statements in a statement."""
    for name in _BLOCKS:
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield block
    for branch in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield branch.body
