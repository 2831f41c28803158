"""Which functions of a solution may stand in for a benchmark's entry point, and how.

A leak has another name, another order of parameters, or is a method of `class Solution`; its
parameters still fit. What fits is read off the code, without running it.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from kodgen.contamination.behaviour.owncode import is_written

MOST_ALIASES = 8
"""Ways to call a solution that are tried for one task: as many as two functions of three
parameters without a word on their types give at least once each, and most need one."""
MOST_PERMUTED = 3
"""Parameters whose order is changed where nothing tells it: 6 orders; 4 would make 24."""

_Function = ast.FunctionDef | ast.Lambda


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a function takes by position."""

    names: tuple[str, ...]
    types: tuple[str, ...]
    """Annotations in one spelling; empty where there is none."""
    required: int
    any_number: bool
    """Whether it takes more than it names (`*args`)."""

    def meets(self, other: "Parameters") -> bool:
        """Whether some number of arguments suits both."""
        return (self.any_number or other.required <= len(self.names)) and (
            other.any_number or self.required <= len(other.names)
        )


@dataclass(frozen=True, slots=True)
class Alias:
    """One way to call a solution as the entry point."""

    call: str
    """What to call, such as `largest` or `Solution().largest`."""
    order: tuple[int, ...]
    """Which of the entry point's arguments comes at each place; empty for their own order."""
    helper: bool = False
    """Whether another function of the solution uses it: then it is not what the row is about."""


def entry_parameters(code: str, entry_point: str) -> Parameters | None:
    """What the function of that name takes; None where the code has none, or is not Python."""
    tree = _parsed(code)
    if tree is None:
        return None
    found = [
        node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == entry_point
    ]
    return _parameters(found[-1].args) if found else None


def aliases(code: str, task: Parameters | None, entry_point: str) -> list[Alias] | None:
    """Ways to call a solution as a task's entry point, the likeliest first.

    Functions that no other one uses come first, of these the one of the entry point's name and
    then the last defined. Private functions and those not written out are left out.

    Args:
        code: The solution.
        task: What the entry point takes; None where nothing tells, and any function may do.
        entry_point: Name of the task's function.

    Returns:
        At most `MOST_ALIASES`, none if no function fits; None where the code is not Python.
    """
    tree = _parsed(code)
    if tree is None:
        return None
    used = _used_inside(tree)
    found = {
        call: (name, takes)
        for call, name, takes in _callables(tree)
        if not name.startswith("_") or name == entry_point
    }
    ways = []
    for place, (call, (name, takes)) in enumerate(found.items()):
        if task is not None and not takes.meets(task):
            continue
        orders = [()] if task is None else _orders(task, takes)
        for number, order in enumerate(orders):
            rank = (name in used, number > 0, name != entry_point, -place, number)
            ways.append((rank, Alias(call, order, name in used)))
    return [alias for _, alias in sorted(ways, key=lambda way: way[0])[:MOST_ALIASES]]


def _parsed(code: str) -> ast.Module | None:
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _callables(tree: ast.Module) -> Iterator[tuple[str, str, Parameters]]:
    """Functions and methods: how to call each, its own name, what it takes."""
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) if is_written(node):
                yield name, name, _parameters(node.args)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda(args=args)):
                yield name, name, _parameters(args)
            case ast.ClassDef(name=name) if not name.startswith("_") and _makes_itself(node):
                for method, takes in _methods(node):
                    yield f"{name}().{method}", method, takes


def _makes_itself(node: ast.ClassDef) -> bool:
    """Whether a class is made without arguments, as far as its own text tells."""
    if node.decorator_list:
        return False
    made = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"]
    return not made or _parameters(made[-1].args).required <= 1


def _methods(node: ast.ClassDef) -> Iterator[tuple[str, Parameters]]:
    for one in node.body:
        if not isinstance(one, ast.FunctionDef) or not is_written(one):
            continue
        kinds = {part.id for part in one.decorator_list if isinstance(part, ast.Name)}
        if kinds & {"property", "cached_property"}:
            continue
        takes = _parameters(one.args)
        yield one.name, takes if "staticmethod" in kinds else _without_first(takes)


def _without_first(takes: Parameters) -> Parameters:
    return Parameters(
        takes.names[1:], takes.types[1:], max(takes.required - 1, 0), takes.any_number
    )


def _parameters(args: ast.arguments) -> Parameters:
    listed = [*args.posonlyargs, *args.args]
    needed = sum(default is None for default in args.kw_defaults)
    # Keywords without defaults can't be given by position: more than anyone passes.
    required = len(listed) - len(args.defaults) + (len(listed) + 1 if needed else 0)
    return Parameters(
        tuple(one.arg for one in listed),
        tuple(_type(one.annotation) for one in listed),
        required,
        args.vararg is not None,
    )


def _type(annotation: ast.expr | None) -> str:
    """`list[int]` for `List[int]`, `typing.List[int]` and `"List[int]"` alike."""
    if annotation is None:
        return ""
    text = annotation.value if isinstance(annotation, ast.Constant) else ast.unparse(annotation)
    return str(text).replace("typing.", "").replace(" ", "").lower()


def _orders(task: Parameters, takes: Parameters) -> list[tuple[int, ...]]:
    """Orders of the entry point's arguments worth a try, its own (empty) among the first.

    Names tell the order where both have the same ones; else all orders of a few are tried that
    types, where both have them, allow.
    """
    count = len(task.names)
    own = tuple(range(count))
    if count < 2 or len(takes.names) != count:
        return [()]
    if takes.names != task.names and sorted(takes.names) == sorted(task.names):
        named = tuple(task.names.index(name) for name in takes.names)
        return [named, ()]
    if takes.names == task.names:
        return [()]
    if count > MOST_PERMUTED:
        return [()]
    tried = [order for order in permutations(own) if _fits(task, takes, order)]
    return [() if order == own else order for order in tried] or [()]


def _fits(task: Parameters, takes: Parameters, order: Sequence[int]) -> bool:
    pairs: Iterable[tuple[str, str]] = (
        (task.types[source], takes.types[place]) for place, source in enumerate(order)
    )
    return all(not one or not other or one == other for one, other in pairs)


def _used_inside(tree: ast.Module) -> frozenset[str]:
    """Names that functions use, those aside that take nothing or are tests: these only show it."""
    used = set()
    for outer in ast.walk(tree):
        if not isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if not outer.args.args or outer.name.startswith("test"):
            continue
        for node in ast.walk(outer):
            name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", outer.name)
            if isinstance(node, ast.Name | ast.Attribute) and name != outer.name:
                used.add(name)
    return frozenset(used)
