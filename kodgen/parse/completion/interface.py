"""Whether a skeleton offers what the tests need, with the parameters that the solution has."""

import ast
from collections.abc import Iterator

from kodgen.parse.completion.fault import Fault
from kodgen.parse.completion.needs import Definition, Function, Needs, bound_names, definitions

_BINDING = ("staticmethod", "classmethod", "property", "cached_property")
"""Decorators that change how a method is used."""


def interface_fault(needs: Needs, skeleton: ast.Module, solution: ast.Module) -> Fault | None:
    """`missing_function` or `other_parameters`, if a skeleton does not offer what tests need."""
    if not needs.names:
        return Fault("missing_function", "the tests take nothing from the solution by name")
    offered, own = bound_names(skeleton), definitions(solution.body)
    missing = [name for name in needs.names if name not in offered]
    if missing:
        return Fault("missing_function", f"lacks {', '.join(missing)}, which the tests import")
    found = definitions(skeleton.body)
    pairs = [(found[name], own[name]) for name in needs.names if name in found and name in own]
    for there, here in pairs:
        if isinstance(there, ast.ClassDef) and isinstance(here, ast.ClassDef):
            lacking = sorted(set(_used_methods(needs, here)) - set(definitions(there.body)))
            if lacking:
                return Fault("missing_function", f"class {here.name} lacks {', '.join(lacking)}")
    differing = (difference for pair in pairs for difference in _differences(needs, *pair))
    said = next(differing, None)
    return Fault("other_parameters", said) if said else None


def _used_methods(needs: Needs, solution: ast.ClassDef) -> Iterator[str]:
    for name, node in definitions(solution.body).items():
        if not isinstance(node, ast.ClassDef) and name in needs.attributes:
            yield name


def _differences(needs: Needs, there: Definition, here: Definition) -> Iterator[str]:
    if isinstance(there, ast.ClassDef) != isinstance(here, ast.ClassDef):
        yield f"{here.name} is a class in one, a function in the other"
    elif isinstance(there, ast.ClassDef) and isinstance(here, ast.ClassDef):
        yield from _class_differences(needs, there, here)
    elif not isinstance(there, ast.ClassDef) and not isinstance(here, ast.ClassDef):
        yield from _function_differences(needs, there, here, here.name, bound=0)


def _class_differences(needs: Needs, there: ast.ClassDef, here: ast.ClassDef) -> Iterator[str]:
    if _constructed_by(there) != _constructed_by(here):
        yield (
            f"{here.name} is made with ({', '.join(_constructed_by(there))}), in the solution "
            f"with ({', '.join(_constructed_by(here))})"
        )
    theirs, ours = definitions(there.body), definitions(here.body)
    for name in ("__init__", *_used_methods(needs, here)):
        one, other = theirs.get(name), ours.get(name)
        if isinstance(one, Function) and isinstance(other, Function):
            called = here.name if name == "__init__" else name
            static = "staticmethod" in _binding(other)
            yield from _function_differences(
                needs, one, other, f"{here.name}.{name}", bound=int(not static), called=called
            )


def _function_differences(
    needs: Needs, there: Function, here: Function, name: str, *, bound: int, called: str = ""
) -> Iterator[str]:
    """Where two functions differ.

    Args:
        needs: What the tests need.
        there: The skeleton's.
        here: The solution's.
        name: How to speak of it.
        bound: Parameters that no call gives, such as `self`.
        called: What calls of it name; the function's own name if empty.
    """
    if type(there) is not type(here) or _binding(there) != _binding(here):
        yield f"{name} is {_kind(there)}, in the solution {_kind(here)}"
        return
    theirs, ours = _parameters(there.args), _parameters(here.args)
    if list(theirs) != list(ours):
        yield f"{name} takes ({', '.join(theirs)}), in the solution ({', '.join(ours)})"
        return
    places = [arg.arg for arg in (*here.args.posonlyargs, *here.args.args)][bound:]
    for parameter, default in ours.items():
        given = theirs[parameter]
        if given == default:
            continue
        place = places.index(parameter) if parameter in places else None
        calls = needs.calls.get(called or here.name, ())
        if given or any(call.may_omit(place, parameter) for call in calls):
            yield (
                f"{name} has {parameter}={given or '(none)'} by default, in the solution "
                f"{default or '(none)'}"
            )


def _constructed_by(node: ast.ClassDef) -> tuple[str, ...]:
    """Parameters that a class is made with, as far as its own body says."""
    init = definitions(node.body).get("__init__")
    if isinstance(init, Function):
        return tuple(_parameters(init.args))[1:]
    return tuple(
        part.target.id
        for part in node.body
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
    )


def _parameters(arguments: ast.arguments) -> dict[str, str]:
    """Parameters in order, stars and the marks between kinds as part of their names: defaults."""
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults = [""] * (len(plain) - len(arguments.defaults))
    defaults += [ast.unparse(one) for one in arguments.defaults]
    found = {arg.arg: default for arg, default in zip(plain, defaults, strict=True)}
    if arguments.vararg:
        found[f"*{arguments.vararg.arg}"] = ""
    elif arguments.kwonlyargs:
        found["*"] = ""
    for arg, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found[arg.arg] = ast.unparse(value) if value else ""
    if arguments.kwarg:
        found[f"**{arguments.kwarg.arg}"] = ""
    return found


def _binding(function: Function) -> tuple[str, ...]:
    names = (getattr(mark, "id", getattr(mark, "attr", "")) for mark in function.decorator_list)
    return tuple(name for name in names if name in _BINDING)


def _kind(function: Function) -> str:
    kind = "async " if isinstance(function, ast.AsyncFunctionDef) else ""
    return kind + (" ".join(_binding(function)) or "a function")
