"""Tells a skeleton from code: what of a completion task would give its solution away.

A function may hold a docstring and a placeholder; an `__init__` may also store its parameters and
begin with empty or constant values, as the tree nodes of many tasks do; and whatever the question
itself gives in full may stand in the completion task too.
"""

import ast
from collections.abc import Iterator

from kodgen.parse.completion.fault import Fault
from kodgen.parse.completion.needs import Function
from kodgen.parse.fences import python_blocks
from kodgen.parse.python import is_test, python_tree

_EMPTY = frozenset(
    {"list", "dict", "set", "tuple", "deque", "defaultdict", "Counter", "OrderedDict", "Lock"}
)
"""What may be called without arguments to begin with."""


def surplus(skeleton: ast.Module, question: str) -> Fault | None:
    """`holds_tests`, `holds_solution` or `stray_code`, if there is more than a skeleton."""
    given = _given(question)
    for node in skeleton.body:
        if is_test(node) or isinstance(node, ast.Assert):
            return Fault("holds_tests", f"line {node.lineno} is a test")
    for node in skeleton.body:
        for function in _functions(node):
            if not (is_stub(function) or _stores(function) or _fingerprint(function) in given):
                return Fault("holds_solution", f"{function.name} has a body")
    functions = {node.name for node in skeleton.body if isinstance(node, Function)}
    for node in skeleton.body:
        if not _belongs(node, functions):
            return Fault("stray_code", f"line {node.lineno} is neither import nor definition")
    return None


def is_stub(function: Function) -> bool:
    """Whether a function has nothing but strings, `pass`, `...` and `NotImplementedError`."""
    return all(map(is_placeholder, function.body))


def is_placeholder(statement: ast.stmt) -> bool:
    """Whether a statement only stands for a body, or documents it."""
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Raise(exc=ast.Name(id=name) | ast.Call(func=ast.Name(id=name))):
            return name == "NotImplementedError"
    return False


def is_record(node: ast.ClassDef) -> bool:
    """Whether a class does no more than hold values."""
    return all(
        _stores(part)
        if isinstance(part, Function)
        else isinstance(part, ast.AnnAssign | ast.Assign) or is_placeholder(part)
        for part in node.body
    )


def _functions(node: ast.AST) -> Iterator[Function]:
    """Functions at the top level and methods, of classes inside classes too."""
    if isinstance(node, Function):
        yield node
    elif isinstance(node, ast.ClassDef):
        for part in node.body:
            yield from _functions(part)


def _stores(function: Function) -> bool:
    """Whether it is an `__init__` that stores parameters and begins with simple values."""
    return function.name == "__init__" and all(
        is_placeholder(statement)
        or (
            isinstance(statement, ast.Assign | ast.AnnAssign)
            and all(isinstance(target, ast.Attribute) for target in _targets(statement))
            and _is_simple(statement.value)
        )
        for statement in function.body
    )


def _targets(statement: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return statement.targets if isinstance(statement, ast.Assign) else [statement.target]


def _is_simple(value: ast.expr | None) -> bool:
    match value:
        case None | ast.Constant() | ast.Name():
            return True
        case ast.List(elts=[]) | ast.Tuple(elts=[]) | ast.Dict(keys=[]):
            return True
        case ast.UnaryOp(operand=ast.Constant()):
            return True
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            if name == "float":  # `float("inf")`
                return all(isinstance(one, ast.Constant) for one in arguments)
            typed = name == "defaultdict" and all(isinstance(one, ast.Name) for one in arguments)
            return name in _EMPTY and (typed or not arguments)
    return False


def _belongs(node: ast.stmt, functions: set[str]) -> bool:
    """Whether a statement may stand at the top level of a skeleton.

    Constants and aliases may; values computed by a comprehension, a `lambda` or one of the
    skeleton's own functions are part of a solution, or fail with a function that has no body.
    """
    if isinstance(node, ast.Import | ast.ImportFrom | Function | ast.ClassDef):
        return True
    if isinstance(node, ast.Assign | ast.AnnAssign):
        parts = list(ast.walk(node))
        return not any(
            isinstance(part, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp)
            or (isinstance(part, ast.Name) and part.id in functions)
            for part in parts
        )
    if isinstance(node, ast.If | ast.Try):  # an import that may fail, or is for type checkers
        kinds = (ast.If, ast.Try, ast.Import, ast.ImportFrom, ast.Pass, ast.Assign)
        return all(isinstance(part, kinds) for part in ast.walk(node) if isinstance(part, ast.stmt))
    return isinstance(node, ast.Pass | ast.Expr) and is_placeholder(node)


def _given(question: str) -> set[str]:
    """Fingerprints of the functions that a question's own code blocks hold with their bodies."""
    found = set[str]()
    for block in python_blocks(question):
        tree = python_tree(block.code)
        for node in tree.body if tree else ():
            found.update(_fingerprint(function) for function in _functions(node))
    return found


def _fingerprint(function: Function) -> str:
    """A function's name and body, its docstring and annotations aside."""
    body = [part for part in function.body if not is_placeholder(part)]
    names = [arg.arg for arg in ast.walk(function.args) if isinstance(arg, ast.arg)]
    return "\n".join([function.name, *names, *map(ast.dump, body)])
