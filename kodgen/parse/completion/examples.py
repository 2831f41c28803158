"""The doctest examples of a skeleton's docstrings, and how much of the tests they show."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from kodgen.parse.completion.bodies import is_record
from kodgen.parse.completion.fault import Fault
from kodgen.parse.completion.holding import Shown
from kodgen.parse.completion.needs import Definition, Function, Needs, definitions
from kodgen.parse.python import python_tree


@dataclass(frozen=True, slots=True)
class Documented:
    """The examples of one docstring; they share their names, those of others do not."""

    name: str
    """What the docstring is of: `f`, `Stack`, `Stack.push`; empty for the module's own."""
    shown: tuple[Shown, ...]


def documentation(needs: Needs, skeleton: ast.Module) -> tuple[Documented, ...] | Fault:
    """All examples, or `no_docstring` or `no_examples` where a used definition has none.

    An example counts for every function and class that it mentions; classes that only hold values
    need none. One that `doctest` is told to skip counts for nothing.
    """
    used = [node for name, node in definitions(skeleton.body).items() if name in needs.names]
    for node in used:
        if not _is_documented(node, needs):
            return Fault("no_docstring", f"{node.name} has no docstring")
    found = []
    for name, text in _docstrings(skeleton):
        shown = _examples(text)
        if isinstance(shown, str):
            return Fault("no_examples", f"those of {name or 'the module'} are malformed: {shown}")
        if shown:
            found.append(Documented(name, shown))
    mentioned = _mentioned(found)
    for node in used:
        plain = isinstance(node, ast.ClassDef) and is_record(node)
        if node.name not in mentioned and not plain:
            return Fault("no_examples", f"{node.name} has no example")
    if not any(want.strip() or raises for one in found for _, want, raises, _ in one.shown):
        return Fault("no_examples", "none of its examples says what comes of it")
    return tuple(found)


def shows_all(documented: tuple[Documented, ...], tests: ast.Module) -> bool:
    """Whether each comparison of the tests is of a call that some example makes.

    A task that shows all that its tests check can be passed without solving it.
    """
    made = {
        ast.dump(part)
        for one in documented
        for source, *_ in one.shown
        for part in _calls(python_tree(source))
    }
    checks = [node for node in ast.walk(tests) if isinstance(node, ast.Assert)]
    checked = [{ast.dump(part) for part in _calls(node)} for node in checks]
    return bool(checked) and all(calls & made for calls in checked)


def _calls(tree: ast.AST | None) -> Iterator[ast.Call]:
    return (node for node in (ast.walk(tree) if tree else ()) if isinstance(node, ast.Call))


def _is_documented(node: Definition, needs: Needs) -> bool:
    if ast.get_docstring(node):
        return True
    if not isinstance(node, ast.ClassDef):
        return False
    methods = [
        part
        for name, part in definitions(node.body).items()
        if isinstance(part, Function) and name in needs.attributes
    ]
    return is_record(node) or (bool(methods) and all(map(ast.get_docstring, methods)))


def _docstrings(skeleton: ast.Module) -> Iterator[tuple[str, str]]:
    yield "", ast.get_docstring(skeleton) or ""
    pending: list[tuple[str, Definition]] = list(definitions(skeleton.body).items())
    while pending:
        name, node = pending.pop(0)
        yield name, ast.get_docstring(node) or ""
        if isinstance(node, ast.ClassDef):
            inner = definitions(node.body).items()
            pending = [(f"{name}.{own}", part) for own, part in inner] + pending


def _examples(docstring: str) -> tuple[Shown, ...] | str:
    """The examples as `doctest` reads them, or what is wrong with how they are written."""
    import doctest

    if ">>>" not in docstring:
        return ()
    try:
        found = doctest.DocTestParser().get_examples(docstring)
    except ValueError as error:
        return str(error)
    for example in found:
        if python_tree(example.source) is None:
            return f"{example.source.strip()!r} is no Python"
    return tuple(
        (
            example.source,
            example.want if example.exc_msg is None else "",
            example.exc_msg,
            bool(example.options.get(doctest.ELLIPSIS)),
        )
        for example in found
        if not example.options.get(doctest.SKIP)
    )


def _mentioned(documented: list[Documented]) -> set[str]:
    """Names in the examples' code; all of it, as an example of a class begins with making one."""
    names: set[str] = set()
    for one in documented:
        for source, *_ in one.shown:
            tree = python_tree(source)
            names.update(
                node.id for node in (ast.walk(tree) if tree else ()) if isinstance(node, ast.Name)
            )
    return names
