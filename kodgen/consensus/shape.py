"""What a solution offers to be called: functions, classes and their members, with parameters."""

import ast
from dataclasses import dataclass, field, replace

from kodgen.sandbox.taking import Offered

_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(slots=True)
class Shape:
    """Read off a solution's syntax tree."""

    names: frozenset[str]
    """That importing it gives."""
    open: bool
    """Whether there may be names or members that only running it would show."""
    functions: dict[str, ast.arguments] = field(default_factory=dict)
    """Plain functions, and constructors of plain classes without their first parameter."""
    constructors: dict[str, ast.arguments] = field(default_factory=dict)
    methods: dict[str, ast.arguments] = field(default_factory=dict)
    """Plain methods of which there is but one of that name."""
    members: set[str] = field(default_factory=set)
    """Names of methods and attributes of its classes."""

    def with_alias(self, name: str, of: str) -> "Shape":
        """The same with one function under another name too."""
        functions = {**self.functions, name: self.functions[of]}
        return replace(self, names=self.names | {name}, functions=functions)


def shape_of(tree: ast.Module) -> Shape:
    """Read a solution."""
    offered = Offered(tree)
    shape = Shape(frozenset(offered.kinds), offered.open)
    seen: set[str] = set()
    for node in tree.body:
        if isinstance(node, _FUNCTION):
            shape.functions.pop(node.name, None)
            if not node.decorator_list:
                shape.functions[node.name] = node.args
        elif isinstance(node, ast.ClassDef):
            _read_class(node, shape, seen)
    return shape


def _read_class(node: ast.ClassDef, shape: Shape, seen: set[str]) -> None:
    known = {base.id for base in node.bases if isinstance(base, ast.Name)} <= {"object", "ABC"}
    plain = known and not node.keywords and not node.decorator_list
    shape.open |= not known or any(isinstance(base, ast.Attribute) for base in node.bases)
    constructor = None
    for method in node.body:
        if not isinstance(method, _FUNCTION):
            continue
        shape.members.add(method.name)
        shape.open |= method.name in {"__getattr__", "__getattribute__"}
        if method.name == "__init__":
            constructor = method.args
        elif method.name in seen or method.decorator_list:
            shape.methods.pop(method.name, None)
        else:
            shape.methods[method.name] = method.args
        seen.add(method.name)
    if plain and constructor is not None:
        shape.constructors[node.name] = constructor
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store):
            shape.members.add(part.attr)
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            shape.members.add(part.id)
