"""What the tests take from a solution: names, methods, and how they call them."""

import ast
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Needs:
    """What a test file takes from the solution."""

    names: tuple[str, ...]
    """Names that the solution binds at its top level, sorted."""
    attributes: frozenset[str]
    """Every attribute that the tests read of anything."""
    calls: Mapping[str, tuple["Call", ...]]
    """By the name of the function, method or class; one that is handed on counts as a call with
    arguments that nobody knows."""


@dataclass(frozen=True, slots=True)
class Call:
    """How many positional arguments a call has, and which by name."""

    positional: int
    keywords: frozenset[str]
    unpacks: bool
    """Whether there may be others, or fewer."""

    def may_omit(self, place: int | None, name: str) -> bool:
        """Whether it may leave out a parameter, which is at this place or by name alone."""
        given = (place is not None and place < self.positional) or name in self.keywords
        return self.unpacks or not given


def definitions(body: list[ast.stmt]) -> dict[str, Definition]:
    """Functions and classes by name; of two of one name the last holds, as in Python."""
    return {
        node.name: node
        for node in body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }


def bound_names(tree: ast.Module) -> set[str]:
    """Names that a module's own statements bind at its top level, imports included."""
    names = set(definitions(tree.body))
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names.update(alias.asname or alias.name.split(".", 1)[0] for alias in node.names)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            names.update(
                part.id
                for part in ast.walk(node)
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
            )
    return names


def needs_of(tests: ast.Module, solution: ast.Module) -> Needs:
    """What the tests take from the solution.

    Names imported from it by name, read of the module, or brought by a star and mentioned. Tests
    that import nothing of it (a recorded file that brings its own copy) count by what they
    mention.
    """
    bound = bound_names(solution)
    aliases, modules, star = _imported_as(tests)
    named = set(aliases.values())
    mentioned, called = Counter[str](), Counter[str]()
    attributes = set[str]()
    calls = defaultdict[str, list[Call]](list)
    for node in ast.walk(tests):
        match node:
            case ast.Attribute(value=ast.Name(id=module), attr=attr) if module in modules:
                named.add(attr)
            case ast.Attribute(attr=attr):
                attributes.add(attr)
            case ast.Name(id=name):
                mentioned[aliases.get(name, name)] += 1
            case ast.Call(func=ast.Name(id=name)):
                called[aliases.get(name, name)] += 1
                calls[aliases.get(name, name)].append(_call(node))
            case ast.Call(func=ast.Attribute(attr=name)):
                calls[name].append(_call(node))
    for name in mentioned:
        if mentioned[name] > called[name]:
            calls[name].append(Call(0, frozenset(), unpacks=True))
    needed = named & bound
    if star or not needed:
        needed |= mentioned.keys() & bound
    return Needs(
        names=tuple(sorted(needed)),
        attributes=frozenset(attributes),
        calls={name: tuple(found) for name, found in calls.items()},
    )


def _imported_as(tests: ast.Module) -> tuple[dict[str, str], set[str], bool]:
    """What tests call the solution's names, the solution itself, and whether a star brings all."""
    aliases: dict[str, str] = {}
    modules = set[str]()
    for node in ast.walk(tests):
        if isinstance(node, ast.ImportFrom) and node.module == "solution":
            aliases.update((alias.asname or alias.name, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            modules.update(a.asname or a.name for a in node.names if a.name == "solution")
    return aliases, modules, aliases.pop("*", None) is not None


def _call(node: ast.Call) -> Call:
    starred = any(isinstance(arg, ast.Starred) for arg in node.args)
    keywords = frozenset(word.arg for word in node.keywords if word.arg is not None)
    return Call(len(node.args), keywords, starred or len(keywords) < len(node.keywords))
