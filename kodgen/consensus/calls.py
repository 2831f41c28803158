"""Whether a call fits a function's parameters, by the text of both."""

import ast


def fits(call: ast.Call, parameters: ast.arguments, *, bound: bool = False) -> bool:
    """Whether Python would take a call's arguments; true where unpacking hides what they are.

    Args:
        call: The call.
        parameters: Of the function that it names.
        bound: Whether the first parameter is given already, as with methods.
    """
    if any(isinstance(one, ast.Starred) for one in call.args):
        return True
    if any(keyword.arg is None for keyword in call.keywords):
        return True
    positional = positional_names(parameters)[int(bound) :]
    only = [one.arg for one in parameters.posonlyargs][int(bound) :]
    keywords = [keyword.arg for keyword in call.keywords]
    given = positional[: len(call.args)]
    if len(call.args) > len(positional) and parameters.vararg is None:
        return False
    takes = {*positional, *(one.arg for one in parameters.kwonlyargs)} - {*only}
    if any(name in given for name in keywords):
        return False
    if parameters.kwarg is None and not takes.issuperset(keywords):
        return False
    optional = (
        positional[len(positional) - len(parameters.defaults) :] if parameters.defaults else []
    )
    needed = set(positional) - set(optional)
    needed |= {
        one.arg
        for one, default in zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True)
        if default is None
    }
    return needed <= {*given, *(name for name in keywords if name)}


def reordered(call: ast.Call, one: ast.arguments, other: ast.arguments) -> bool:
    """Whether a call by position means other parameters: the same names in another order."""
    here, there = positional_names(one), positional_names(other)
    if len(call.args) < 2 or set(here) != set(there):
        return False
    return here[: len(call.args)] != there[: len(call.args)]


def positional_names(parameters: ast.arguments) -> list[str]:
    """Names of parameters that can be given by position, in order."""
    return [one.arg for one in (*parameters.posonlyargs, *parameters.args)]
