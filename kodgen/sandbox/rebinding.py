"""Tells whether tests test the solution, or something of the same name that they hold themselves.

A name of a test file is the solution's if it was imported from it, or made from what was. A test
that uses a name which the solution gave and the file then bound to something else, and uses
nothing else of the solution, tests nothing. Doubt is decided for the tests: a rule that is wrong
here costs an honest pair, and the stub runs find by running what this can't see.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

_MODULE = "solution"
_ITSELF = "<solution>"
"""Stands for the module among names."""
_NAMES_IT = re.compile(r"(?:^|[^\w.])solution(?:\.py\b|$)|^solution\.")
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(slots=True)
class Uses:
    """Names that a piece of a test file uses, and binds on its own."""

    names: set[str] = field(default_factory=set)
    imported: set[str] = field(default_factory=set)
    """From the solution, within it."""
    bound: set[str] = field(default_factory=set)
    """Within its functions, to what is not made from the solution's own."""


@dataclass(frozen=True, slots=True)
class _Binding:
    name: str
    origin: str
    """`solution`, `elsewhere`, or `made`."""
    uses: frozenset[str]
    is_definition: bool


@dataclass(slots=True)
class Imports:
    """How a test file comes by the solution."""

    any: bool = False
    star: bool = False
    rebound: str = ""
    """What rebinds it, in words; empty if nothing does."""
    elsewhere: set[str] = field(default_factory=set)
    """Names imported from other modules."""


def own_names(tree: ast.Module) -> frozenset[str]:
    """Functions, classes and objects that a solution makes itself, by their name in its module."""
    found: set[str] = set()
    for node in _statements(tree.body):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.ClassDef(name=name):
                found.add(name)
            case ast.Assign(targets=targets, value=value) if not _is_data(value):
                found |= {target.id for target in targets if isinstance(target, ast.Name)}
            case _:
                pass
    return frozenset(found)


def read(test: ast.Module, own: frozenset[str] | None) -> Imports:
    """Read a test file.

    Args:
        test: Its syntax tree.
        own: What the solution makes itself; None if that can't be told.
    """
    imports = Imports()
    pieces = [(node, _uses(node)) for node in _top(test.body)]
    final: dict[str, _Binding] = {}
    given: set[str] = set()
    for node, uses in pieces:
        imports.any |= _ITSELF in uses.names or bool(uses.imported)
        for binding in _bindings(node, uses, own):
            before = final.get(binding.name)
            if binding.origin == "solution" and (own is None or _is_own(binding, own)):
                given.add(binding.name)
            if binding.origin == "elsewhere":
                imports.elsewhere.add(binding.name)
            final[binding.name] = _bound(binding, before)
        match node:
            case ast.ImportFrom(module="solution", names=[ast.alias(name="*")]):
                imports.star = True
            case _:
                pass
    derived = _derived(final)
    rebound = {name for name in given if name not in derived}
    imports.rebound = (
        _replaced(test, derived)
        or _fallback(test)
        or next(filter(None, (_tests_another(n, u, rebound, derived) for n, u in pieces)), "")
    )
    return imports


def _is_own(binding: _Binding, own: frozenset[str]) -> bool:
    return not binding.uses or bool(binding.uses & own)


def _bound(binding: _Binding, before: _Binding | None) -> _Binding:
    """A binding after another of the same name: one made from it is what it was made from."""
    own = not binding.is_definition and binding.name in binding.uses
    if binding.origin == "made" and own and before is not None:
        return _Binding(binding.name, before.origin, binding.uses | before.uses, False)
    return binding


def _derived(final: dict[str, _Binding]) -> set[str]:
    """Names that are the solution's, or made from what is."""
    users: dict[str, list[str]] = {}
    for binding in final.values():
        for name in binding.uses if binding.origin == "made" else ():
            if name != binding.name:
                users.setdefault(name, []).append(binding.name)
    derived = {name for name, binding in final.items() if binding.origin == "solution"}
    derived.add(_ITSELF)
    pending = list(derived)
    while pending:
        for name in users.get(pending.pop(), ()):
            if name not in derived:
                derived.add(name)
                pending.append(name)
    return derived


def _tests_another(node: ast.stmt, uses: Uses, rebound: set[str], derived: set[str]) -> str:
    """Which rebound name a test uses in place of the solution; empty if it uses the solution."""
    if not isinstance(node, _Definition) or not _is_test(node):
        return ""
    local = uses.bound & uses.names & (derived | uses.imported)
    if (uses.names & (derived | uses.imported)) - local:
        return ""
    name = min(uses.names & (rebound | local), default="")
    return f"{node.name} tests a {name} that is not the solution's" if name else ""


def _is_test(node: _Definition) -> bool:
    if isinstance(node, _Function):
        return node.name.startswith("test")
    return any(isinstance(part, _Function) and part.name.startswith("test") for part in node.body)


def _bindings(node: ast.stmt, uses: Uses, own: frozenset[str] | None) -> Iterator[_Binding]:
    """What a statement of the module binds."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield _Binding(name, "made", frozenset(uses.names | uses.imported), True)
        case ast.ImportFrom(module="solution"):
            for alias in node.names:
                for name in (own or ()) if alias.name == "*" else (alias.asname or alias.name,):
                    origin = name if alias.name == "*" else alias.name
                    yield _Binding(name, "solution", frozenset({origin}), False)
        case ast.Import() | ast.ImportFrom():
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                ours = isinstance(node, ast.Import) and alias.name.partition(".")[0] == _MODULE
                yield _Binding(name, "solution" if ours else "elsewhere", frozenset(), False)
        case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                for part in ast.walk(target):
                    if isinstance(part, ast.Name):
                        yield _Binding(part.id, "made", frozenset(uses.names), False)
        case _:
            pass


def _uses(node: ast.stmt) -> Uses:
    uses = Uses()
    for part in ast.walk(node):
        match part:
            case ast.Name(id=name, ctx=ast.Load()):
                uses.names.add(name)
            case ast.arg(arg=name):
                uses.names.add(name)
            case ast.Constant(value=str(text)) if len(text) < 200 and _NAMES_IT.search(text):
                uses.names.add(_ITSELF)
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] == _MODULE:
                uses.imported |= {alias.asname or alias.name for alias in part.names}
            case ast.Import():
                uses.imported |= {
                    alias.asname or _MODULE
                    for alias in part.names
                    if alias.name.partition(".")[0] == _MODULE
                }
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                uses.bound |= _bound_within(part)
            case _:
                pass
    return uses


def _bound_within(function: _Function) -> set[str]:
    """Functions and classes that a function defines for itself."""
    found: set[str] = set()
    for node in _statements(function.body):
        if isinstance(node, _Definition):
            found.add(node.name)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


def _fallback(test: ast.Module) -> str:
    """What stands in for the solution should its import fail; empty if nothing does."""
    for node in ast.walk(test):
        if isinstance(node, ast.Try) and node.handlers:
            imported: set[str] = set()
            for part in _statements(node.body):
                imported |= _uses(part).imported if _is_import(part) else set()
            for handler in node.handlers if imported else ():
                if any(_ITSELF in _uses(part).names for part in handler.body):
                    continue
                name = min(_stand_ins(handler.body) & imported, default="")
                if name or ("*" in imported and any(_defines(part) for part in handler.body)):
                    return f"the test brings its own {name or 'code'} should the import fail"
    return ""


def _stand_ins(statements: list[ast.stmt]) -> set[str]:
    found: set[str] = set()
    for node in _statements(statements):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Assign(targets=targets, value=value) if not (
                isinstance(value, ast.Constant) and value.value is None
            ):
                found |= {target.id for target in targets if isinstance(target, ast.Name)}
            case ast.ImportFrom(module=str(module), level=0) if (
                module.partition(".")[0] in sys.stdlib_module_names
            ):
                found |= {alias.asname or alias.name for alias in node.names}
            case _:
                pass
    return found


def _replaced(test: ast.Module, derived: set[str]) -> str:
    """What is put in the place of the solution's module, or into it; empty if nothing is."""
    for node in _statements(test.body):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            match target:
                case ast.Subscript(
                    value=ast.Attribute(attr="modules"), slice=ast.Constant(value="solution")
                ) if _is_made_up(node.value, derived):
                    return "the test puts a module of its own in the place of the solution"
                case ast.Attribute(value=ast.Name(id="solution"), attr=name) if isinstance(
                    node.value, ast.Lambda
                ):
                    return f"the test replaces solution.{name}"
                case _:
                    pass
    return ""


def _is_made_up(value: ast.expr, derived: set[str]) -> bool:
    names = {part.id for part in ast.walk(value) if isinstance(part, ast.Name)}
    attributes = {part.attr for part in ast.walk(value) if isinstance(part, ast.Attribute)}
    return "ModuleType" in names | attributes or not names & derived


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _defines(node: ast.stmt) -> bool:
    return isinstance(node, _Definition)


def _is_data(value: ast.expr) -> bool:
    return isinstance(
        value, ast.Constant | ast.List | ast.Tuple | ast.Dict | ast.Set | ast.UnaryOp | ast.BinOp
    )


def _top(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements of a module that bind names in it, those in its branches one by one."""
    for node in _statements(statements):
        if not isinstance(node, ast.If | ast.Try | ast.With | ast.For | ast.While):
            yield node


def _statements(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements in their order, those within branches after what they stand in.

    What is in functions and classes is not of this scope; handlers of a `try` and what only a
    script runs are no way that a name comes to be bound here.
    """
    pending = list(reversed(statements))
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and is_main_guard(node):
            continue
        yield node
        if not isinstance(node, _Definition):
            for name in ("finalbody", "orelse", "body"):
                block = getattr(node, name, None)
                if isinstance(block, list):
                    pending.extend(reversed(block))


def is_main_guard(node: ast.If) -> bool:
    """Whether this is the branch of a module that only a script runs."""
    return any(isinstance(part, ast.Name) and part.id == "__name__" for part in ast.walk(node.test))
