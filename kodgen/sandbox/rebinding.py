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

from kodgen.sandbox.interface import DEFINITION, Interface, statements
from kodgen.sandbox.testfile import nodes

_MODULE = "solution"
_ITSELF = "<solution>"
"""Stands for the module among names."""
_NAMES_IT = re.compile(r"(?:^|[^\w.])solution(?:\.py\b|$)|^solution\.")
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_COMPOUND = (ast.If, ast.With, ast.For, ast.While, ast.Match)


@dataclass(slots=True)
class Uses:
    """Names that a piece of a test file uses, and binds on its own."""

    names: set[str] = field(default_factory=set)
    imported: set[str] = field(default_factory=set)
    """From the solution, within it."""
    bound: set[str] = field(default_factory=set)
    """By its functions, within them."""
    tries: list[ast.Try] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Binding:
    name: str
    origin: str
    """`solution`, `elsewhere`, or `made`."""
    uses: frozenset[str] = frozenset()
    is_definition: bool = False
    counts: bool = True
    """From the solution: it is code, so to bind the name anew is to replace code."""


@dataclass(slots=True)
class Imports:
    """How a test file comes by the solution."""

    any: bool = False
    star: bool = False
    rebound: str = ""
    """What rebinds it, in words; empty if nothing does."""
    elsewhere: set[str] = field(default_factory=set)
    """Names imported from other modules, before all of the solution was."""


def read(test: ast.Module, interface: Interface | None) -> Imports:
    """Read a test file.

    Args:
        test: Its syntax tree.
        interface: The solution's; None if it can't be told.
    """
    imports = Imports()
    borrows = interface.borrows if interface is not None else frozenset()
    final: dict[str, _Binding] = {}
    given: set[str] = set()
    pieces: list[tuple[ast.stmt, Uses]] = []
    for node in _binding_statements(test.body):
        uses = Uses(tries=[node]) if isinstance(node, ast.Try) else _uses(node, borrows)
        pieces.append((node, uses))
        imports.any |= _ITSELF in uses.names or bool(uses.imported)
        imports.star |= "*" in uses.imported
        for binding in _bindings(node, uses, interface):
            if binding.origin == "elsewhere" and not imports.star:
                imports.elsewhere.add(binding.name)
            elif binding.origin == "solution" and binding.counts:
                given.add(binding.name)
            final[binding.name] = _bound(binding, final.get(binding.name))
    derived = _derived(final)
    rebound = {name for name in given if name not in derived}
    imports.rebound = (
        _replaced(test, derived)
        or next(filter(None, (_fallback(one, borrows) for _, u in pieces for one in u.tries)), "")
        or next(filter(None, (_tests_another(n, u, rebound, derived) for n, u in pieces)), "")
    )
    return imports


def _binding_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements of a module; of what is done should one fail, only imports of the solution."""
    for node in statements(body):
        yield node
        for handler in node.handlers if isinstance(node, ast.Try) else ():
            for part in statements(handler.body):
                if isinstance(part, ast.Import | ast.ImportFrom) and _imports_it(part):
                    yield part


def _imports_it(node: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(node, ast.ImportFrom):
        return _is_it(node.module)
    return any(_is_it(alias.name) for alias in node.names)


def _is_it(module: str | None) -> bool:
    """Whether a module's name is the solution's, as a part of some package or not."""
    return module is not None and _MODULE in module.split(".")


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
    if not isinstance(node, DEFINITION) or not _is_test(node):
        return ""
    ours = uses.names & derived | uses.names & uses.imported
    local = ours & uses.bound
    if ours - local:
        return ""
    name = min(uses.names & rebound | local, default="")
    return f"{node.name} tests a {name} that is not the solution's" if name else ""


def _is_test(node: ast.stmt) -> bool:
    if isinstance(node, _Function):
        return node.name.startswith("test")
    return isinstance(node, ast.ClassDef) and any(
        isinstance(part, _Function) and part.name.startswith("test") for part in node.body
    )


def _bindings(node: ast.stmt, uses: Uses, interface: Interface | None) -> Iterator[_Binding]:
    """What a statement of the module binds."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield _Binding(name, "made", frozenset(uses.names | uses.imported), is_definition=True)
        case ast.ImportFrom(module=module) if _is_it(module):
            yield from _imported(node, interface)
        case ast.Import() | ast.ImportFrom():
            for alias in node.names:
                ours = isinstance(node, ast.Import) and _is_it(alias.name)
                name = alias.asname or alias.name.partition(".")[0]
                yield _Binding(name, "solution" if ours else "elsewhere")
        case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for part in nodes(*targets):
                if isinstance(part, ast.Name):
                    yield _Binding(part.id, "made", frozenset(uses.names))
        case _:
            pass


def _imported(node: ast.ImportFrom, interface: Interface | None) -> Iterator[_Binding]:
    for alias in node.names:
        name = alias.asname or alias.name
        if interface is None:
            yield _Binding(name, "solution")
        elif alias.name == "*":
            yield from (_Binding(each, "solution") for each in interface.public)
        elif alias.name in interface.borrows:
            yield _Binding(name, "elsewhere")
        else:
            yield _Binding(name, "solution", counts=alias.name in interface.makes)


def _uses(node: ast.stmt, borrows: frozenset[str]) -> Uses:
    uses = Uses()
    # The parts of a compound statement come by themselves.
    for part in [node] if isinstance(node, _COMPOUND) else nodes(node):
        match part:
            case ast.Name(id=name, ctx=ast.Load()) | ast.arg(arg=name):
                uses.names.add(name)
            case ast.Constant(value=str(text)) if len(text) < 200 and _NAMES_IT.search(text):
                uses.names.add(_ITSELF)
            case ast.ImportFrom(module=module) if _is_it(module):
                kept = [alias for alias in part.names if alias.name not in borrows]
                uses.imported |= {alias.asname or alias.name for alias in kept}
            case ast.Import():
                uses.imported |= {a.asname or _MODULE for a in part.names if _is_it(a.name)}
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                uses.bound |= _bound_within(part)
            case ast.Try():
                uses.tries.append(part)
            case _:
                pass
    return uses


def _bound_within(function: _Function) -> set[str]:
    """Functions and classes that a function defines for itself."""
    found: set[str] = set()
    for node in statements(function.body):
        if isinstance(node, DEFINITION):
            found.add(node.name)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


def _fallback(node: ast.Try, borrows: frozenset[str]) -> str:
    """What stands in for the solution should its import fail; empty if nothing does."""
    imports = [p for p in statements(node.body) if isinstance(p, ast.Import | ast.ImportFrom)]
    imported = {name for part in imports for name in _uses(part, borrows).imported}
    for handler in node.handlers if imported else ():
        if any(_ITSELF in _uses(part, borrows).names for part in handler.body):
            continue
        name = min(_stand_ins(handler.body) & imported, default="")
        if not name and "*" in imported:
            name = next((p.name for p in handler.body if isinstance(p, DEFINITION)), "")
        if name:
            return f"the test brings a {name} of its own should the import fail"
    return ""


def _stand_ins(body: list[ast.stmt]) -> set[str]:
    found: set[str] = set()
    for node in statements(body):
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
    for node in statements(test.body):
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
    names = {part.id for part in nodes(value) if isinstance(part, ast.Name)}
    attributes = {part.attr for part in nodes(value) if isinstance(part, ast.Attribute)}
    return "ModuleType" in names | attributes or not names & derived
