"""Which of a solution's nodes are code that runs and that tests could be asked to look at.

Left out: docstrings, annotations, decorators, imports, what runs only as a script, patterns of a
`match`, the inside of f-strings (without places of its own before Python 3.12), names for tools
(`__all__`), messages of errors, and what is only printed or logged: nobody wants tests that fail
when such a thing changes ("arid nodes"; Petrović and Ivanković, State of Mutation Testing at
Google, 2018).
"""

import ast
from collections.abc import Iterator

from kodgen.parse.python import is_main_guard

_TOLD = {"print", "pprint", "debug", "info", "warning", "warn", "error", "exception", "log"}
"""Last names of functions that tell a person something."""
_NOT_RUN = (
    ast.Import,
    ast.ImportFrom,
    ast.Global,
    ast.Nonlocal,
    ast.JoinedStr,
    ast.pattern,
    ast.expr_context,
)


def executed(statement: ast.stmt) -> Iterator[ast.AST]:
    """The nodes of a statement of the module that are looked at, itself among them, in order."""
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop()
        if not _left_out(node):
            yield node
            pending += reversed(_within(node))


def _left_out(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name))):
            return name in _TOLD
        case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
            return True
        case ast.If():
            return is_main_guard(node)
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name.startswith("__")
        case _:
            return isinstance(node, _NOT_RUN)


def _within(node: ast.AST) -> list[ast.AST]:
    """What stands in a node and is looked at with it."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            # Constants among the defaults are an operator's of its own.
            defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
            return [*(one for one in defaults if not isinstance(one, ast.Constant)), *node.body]
        case ast.ClassDef():
            return list(node.body)
        case ast.Lambda(body=inner) | ast.AnnAssign(value=inner) | ast.Assert(test=inner):
            return [inner] if inner is not None else []
        case ast.Raise():
            return []
        case _:
            return list(ast.iter_child_nodes(node))
