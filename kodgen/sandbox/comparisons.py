"""Finds comparisons in a solution that lie: that come out the same whatever they are asked.

A test compares what the solution returns, so a solution that decides what `==` means decides what
the test says. Honest classes compare fields; these rules spoil only what no honest class needs:

* `==`, `!=` or `in` that never looks at what it is asked about, or has no regard to itself;
* numbers with arithmetic of their own, and other built-in values with an `==` of their own,
  unless the class is only ever a sort key;
* a class that says it is another (`__class__`, `__instancecheck__` that is constant);
* `unittest.mock` and `pytest.approx` outside the solution's own tests.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from kodgen.sandbox.testfile import nodes

EQUALITY = frozenset({"__eq__", "__ne__"})
ORDER = frozenset({"__lt__", "__le__", "__gt__", "__ge__"})
COMPARISON = EQUALITY | ORDER
_ARITHMETIC = frozenset(
    f"__{side}{name}__"
    for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow")
    for side in ("", "r")
) | {"__abs__", "__neg__", "__pos__", "__round__"}
_MEMBERSHIP = frozenset({"__contains__", "__instancecheck__", "__subclasscheck__"})
_NUMBERS = frozenset({"int", "float", "complex", "bool", "Decimal", "Fraction"})
_VALUES = _NUMBERS | {
    *("str", "bytes", "bytearray", "list", "tuple", "dict", "set", "frozenset"),
    *("OrderedDict", "defaultdict", "Counter", "deque", "UserList", "UserDict", "UserString"),
}
_IMITATORS = frozenset(
    {"ANY", "Mock", "MagicMock", "NonCallableMock", "NonCallableMagicMock", "AsyncMock", "approx"}
)
"""Of `unittest.mock` and pytest: objects that equal more than themselves."""

_FRAMEWORKS = frozenset({"unittest.mock", "mock", "pytest"})

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(slots=True)
class Comparisons:
    """What the classes of a solution do to comparisons; made by feeding it every node once."""

    overridden: bool = False
    """Some class has comparisons of its own."""
    lie: str = ""
    """The first lie found, in words; empty if there is none."""
    _classes: list[ast.ClassDef] = field(default_factory=list)
    _functions: dict[str, Function] = field(default_factory=dict)
    _patches: list[tuple[str, ast.expr]] = field(default_factory=list)
    _bases: dict[str, list[str]] = field(default_factory=dict)
    _names: Counter[str] = field(default_factory=Counter)
    _keys: Counter[str] = field(default_factory=Counter)
    _imitators: dict[str, str] = field(default_factory=dict)
    _imitating: bool = False

    def see(self, node: ast.AST) -> None:
        """Take note of one node of the solution."""
        match node:
            case ast.Name(id=name):
                self._names[name] += 1
            case ast.keyword(arg="key", value=ast.Name(id=name)):
                self._keys[name] += 1
            case ast.FunctionDef() | ast.ClassDef():
                self._define(node)
            case ast.Import() | ast.ImportFrom():
                self._import(node)
            case ast.Assign(targets=[ast.Attribute(attr=name), *_], value=value):
                self._patches.append((name, value))
            case ast.Constant(value=str(name)) if name in COMPARISON:
                self.overridden = True
            case ast.Dict():
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant):
                        self._patches.append((str(key.value), value))
            case _:
                pass

    def _define(self, node: ast.FunctionDef | ast.ClassDef) -> None:
        if isinstance(node, ast.FunctionDef):
            self._functions[node.name] = node
        else:
            self._classes.append(node)
            self._bases[node.name] = [name for base in node.bases if (name := _base_name(base))]

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        names = {alias.name for alias in node.names}
        if isinstance(node, ast.Import):
            self._imitating |= bool(names & _FRAMEWORKS)
        elif node.module == "unittest":
            self._imitating |= "mock" in names
        elif node.module in _FRAMEWORKS:
            for alias in node.names:
                if alias.name in _IMITATORS or alias.name == "*":
                    self._imitators[alias.asname or alias.name] = f"{node.module}.{alias.name}"

    def conclude(self, tree: ast.Module) -> None:
        """Judge what was seen, now that all of it was."""
        for name, value in self._patches:
            self.overridden |= name in COMPARISON
            self._lie_of(name, self._function(value), name, set())
        for node in self._classes:
            self._class(node)
        if self._imitating or self._imitators:
            self._imitation(tree)

    def _found(self, lie: str) -> None:
        self.lie = self.lie or lie

    def _function(self, value: ast.expr) -> Function | None:
        """The function that an expression gives, where that can be told."""
        if isinstance(value, ast.Lambda):
            return value
        return self._functions.get(value.id) if isinstance(value, ast.Name) else None

    def _class(self, node: ast.ClassDef) -> None:
        methods = dict(self._methods(node))
        self.overridden |= bool(COMPARISON & methods.keys())
        values = self._builtin_bases(node.name)
        for name, function in methods.items():
            self._lie_of(name, function, f"{node.name}.{name}", values.union(methods))
        taken = methods.keys() & EQUALITY
        if values & _NUMBERS:
            taken |= methods.keys() & _ARITHMETIC
        if values and taken and not self._is_sort_key(node.name):
            self._found(f"{node.name}.{min(taken)} changes what a {min(values)} does")

    def _methods(self, node: ast.ClassDef) -> Iterator[tuple[str, Function | None]]:
        """Names bound in a class body, and the functions they are bound to."""
        for statement in node.body:
            match statement:
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    yield statement.name, statement
                case ast.Assign(targets=targets, value=value):
                    function = self._function(value)
                    for target in targets:
                        if isinstance(target, ast.Name):
                            yield target.id, function
                case _:
                    pass

    def _lie_of(self, name: str, function: Function | None, place: str, beside: set[str]) -> None:
        """Find the lie in a method, if it is one; `beside`: the class's other methods and bases."""
        if name == "__class__" and beside:
            self._found(f"{place} makes it another class")
        elif function is None:
            return
        elif name in EQUALITY and (_ignores(function) or self._is_selfless(function)):
            self._found(f"{place} does not compare the two")
        elif name in _MEMBERSHIP and _ignores(function):
            self._found(f"{place} ignores what it is asked about")
        elif name in ORDER and beside & (_ARITHMETIC | _NUMBERS) and _ignores(function):
            # Alone, it is what a heap entry does whose order is of no importance.
            self._found(f"{place} ignores what it is compared with")

    def _is_selfless(self, function: Function) -> bool:
        """Whether it equals others without regard to what it is; a class with one value may."""
        mentioned = _mentioned(function)
        known = {"super", "__class__", *self._bases}
        this = _parameter(function, 0)
        return bool(_answers(function)) and this not in mentioned and not mentioned & known

    def _builtin_bases(self, name: str) -> set[str]:
        """Built-in value types among the ancestors of a class."""
        found: set[str] = set()
        pending, seen = [name], {name}
        while pending:
            for base in self._bases.get(pending.pop(), ()):
                if base in self._bases:
                    if base not in seen:
                        seen.add(base)
                        pending.append(base)
                elif base in _VALUES:
                    found.add(base)
        return found

    def _is_sort_key(self, name: str) -> bool:
        return 0 < self._names[name] == self._keys[name]

    def _imitation(self, tree: ast.Module) -> None:
        everything = "*" in self._imitators
        for statement in tree.body:
            if isinstance(
                statement, ast.FunctionDef | ast.ClassDef
            ) and statement.name.lower().startswith("test"):
                continue
            for node in nodes(statement):
                match node:
                    case ast.Name(id=name) if name in self._imitators:
                        self._found(f"{self._imitators[name]} in the solution")
                    case ast.Name(id=name) | ast.Attribute(attr=name) if name in _IMITATORS and (
                        everything if isinstance(node, ast.Name) else self._imitating
                    ):
                        self._found(f"{name} in the solution")
                    case _:
                        pass


def _ignores(function: Function) -> bool:
    """Whether it answers without regard to its second argument.

    What only raises, or leaves the answer to the other side, is no answer.
    """
    other = _parameter(function, 1)
    answers = _answers(function)
    if not answers or other is None:
        return False
    first = answers[0]
    constant = isinstance(first, ast.Constant) and all(
        isinstance(each, ast.Constant) and each.value is first.value for each in answers
    )
    return constant or other not in _mentioned(function)


def _answers(function: Function) -> list[ast.expr]:
    if isinstance(function, ast.Lambda):
        return [function.body]
    return [
        node.value
        for node in nodes(function)
        if isinstance(node, ast.Return)
        and node.value is not None
        and not (isinstance(node.value, ast.Name) and node.value.id == "NotImplemented")
    ]


def _mentioned(function: Function) -> set[str]:
    body = [function.body] if isinstance(function, ast.Lambda) else function.body
    return {
        node.id
        for part in body
        for node in nodes(part)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def _parameter(function: Function, position: int) -> str | None:
    """Name of a parameter given by position; that of `*rest` where it takes it."""
    taken = [*function.args.posonlyargs, *function.args.args]
    if position < len(taken):
        return taken[position].arg
    return function.args.vararg.arg if function.args.vararg is not None else None


def _base_name(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        # type(0) is int.
        return type(node.args[0].value).__name__
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
