"""The stub runs' solution: the interface of the real one, and nothing of its behaviour.

A test that passes with it checks nothing. The skeleton is written from the solution's syntax tree
and depends on nothing but `typing`, so it can't fail where the solution did not: names the
solution binds are bound, names it does not bind are missing, and annotations can still be
evaluated. What a test can take hold of either raises when it is used, or gives None.
"""

import ast
import builtins
from collections.abc import Iterator
from typing import Literal, TypeVar

Mode = Literal["raise", "none"]

_ERROR = "_KodgenStub"
_OPAQUE = "_kodgen_opaque"

_COMMON = """\
class _KodgenStub(Exception):
    pass

class _KodgenOpaque:
    __hash__ = object.__hash__
    def __getitem__(self, key):
        return self
    def __or__(self, other):
        return self
    __ror__ = __or__
"""
_RAISING = """\
    def __call__(self, *args, **kwargs):
        raise _KodgenStub
    def __getattr__(self, name):
        raise AttributeError(name) if name.startswith("_") else _KodgenStub(name)
    __bool__ = __len__ = __iter__ = __call__
"""
_GIVING = """\
    def __call__(self, *args, **kwargs):
        return None
    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
    def __bool__(self):
        return False
"""
_MAKE = "_kodgen_opaque = _KodgenOpaque()\n"

_PRELUDES: dict[str, list[ast.stmt]] = {
    mode: ast.parse(_COMMON + body + _MAKE).body
    for mode, body in (("raise", _RAISING), ("none", _GIVING))
}
_BODIES: dict[str, str] = {"raise": _ERROR, "none": ""}

_KEPT_DECORATORS = frozenset({"staticmethod", "classmethod", "property"})
_PROPERTIES = frozenset({"property", "cached_property", "abstractproperty"})
_REAL_MODULES = frozenset({"typing", "__future__"})
_EXCEPTION_ENDINGS = ("Error", "Exception", "Warning")
_DROPPED_METHODS = frozenset({"__del__", "__init_subclass__", "__set_name__"})
"""Called by Python where no test can see that they fail."""

_MODULES_OWN = frozenset(
    {
        "__all__",
        "__builtins__",
        "__dir__",
        "__doc__",
        "__file__",
        "__getattr__",
        "__loader__",
        "__name__",
        "__package__",
        "__path__",
        "__spec__",
    }
)
"""What Python or the import system would use if it were bound."""
_CONSTRUCTORS = frozenset({"__init__", "__new__"})

_Node = TypeVar("_Node", bound=ast.AST)


def skeleton(tree: ast.Module, mode: Mode) -> ast.Module:
    """A module with a solution's interface whose functions raise, or return None.

    Args:
        tree: The solution's syntax tree; it is left as it is.
        mode: `raise`: what is called, or a constant that is used, raises an exception that no
            test can expect. `none`: calls and attributes of constants give None.
    """
    writer = _Writer(mode)
    body = writer.scope(tree.body, in_class=False)
    # A module's own docstring is behaviour to a doctest; a `__future__` import must come first.
    future = [
        node for node in body if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    ]
    rest = [node for node in body if node not in future]
    module = ast.Module([*future, *_PRELUDES[mode], *rest], [])
    return ast.fix_missing_locations(module)


class _Writer:
    def __init__(self, mode: Mode) -> None:
        self._mode = mode
        self._classes: set[str] = set()
        """Names that are classes in the skeleton, so that others can have them as bases."""

    def scope(self, statements: list[ast.stmt], *, in_class: bool) -> list[ast.stmt]:
        """What a module's or class's statements bind, in their order."""
        written: list[ast.stmt] = []
        for node in _flat(statements):
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    if node.name not in (_DROPPED_METHODS if in_class else _MODULES_OWN):
                        kept = _decorators(node, written) if in_class else []
                        stub = self._stub(node)
                        written.append(_definition(type(node), node.name, stub, kept, node))
                    self._unclass(node.name, in_class)
                case ast.ClassDef():
                    written.extend(self._class(node, in_class=in_class))
                case ast.Import() | ast.ImportFrom():
                    written.extend(self._imported(node, in_class))
                case _:
                    for name in _bound(node):
                        written.extend(self._constant(name, node, in_class=in_class))
        return written

    def _unclass(self, name: str, in_class: bool) -> None:
        if not in_class:
            self._classes.discard(name)

    def _constant(self, name: str, node: ast.stmt, *, in_class: bool) -> list[ast.stmt]:
        self._unclass(name, in_class)
        if name == "__all__" and _is_list_of_names(node):
            return [node]
        special = name.startswith("__") and name.endswith("__")
        if name in _MODULES_OWN or (in_class and special):
            return []
        value = _at(ast.Name(_OPAQUE, ast.Load()), node)
        return [_at(ast.Assign([_at(ast.Name(name, ast.Store()), node)], value), node)]

    def _imported(self, node: ast.Import | ast.ImportFrom, in_class: bool) -> list[ast.stmt]:
        module = node.module if isinstance(node, ast.ImportFrom) else None
        near = isinstance(node, ast.ImportFrom) and bool(node.level)
        written: list[ast.stmt] = []
        for alias in node.names:
            if (module or alias.name) in _REAL_MODULES and not near:
                one: ast.stmt = (
                    ast.ImportFrom(module, [alias], 0) if module else ast.Import([alias])
                )
                written.append(_at(one, node))
            elif alias.name != "*":
                name = alias.asname or alias.name.partition(".")[0]
                written.extend(self._constant(name, node, in_class=in_class))
        return written

    def _stub(self, node: ast.stmt) -> ast.stmt:
        if self._mode == "none":
            return _at(ast.Pass(), node)
        return _at(ast.Raise(_at(ast.Name(_ERROR, ast.Load()), node), None), node)

    def _class(self, node: ast.ClassDef, *, in_class: bool) -> list[ast.stmt]:
        bases = self._bases(node)
        body = self.scope(node.body, in_class=True)
        methods = {
            part.name for part in body if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        if not methods and not bases:
            return self._constant(node.name, node, in_class=in_class)
        if not in_class:
            self._classes.add(node.name)
        if not bases and not methods & _CONSTRUCTORS:
            # A dataclass has its constructor from its decorator, others theirs from a base.
            body.append(_definition(ast.FunctionDef, "__init__", _at(ast.Pass(), node), [], node))
        made = ast.ClassDef(
            name=node.name,
            bases=bases,
            keywords=[],
            body=body or [_at(ast.Pass(), node)],
            decorator_list=[],
        )
        return [_at(_with_type_params(made), node)]

    def _bases(self, node: ast.ClassDef) -> list[ast.expr]:
        """Bases that are exceptions of Python's or classes of the skeleton; an exception's else."""
        kept: list[ast.expr] = [
            _at(ast.Name(base.id, ast.Load()), base)
            for base in node.bases
            if isinstance(base, ast.Name)
            and (base.id in self._classes or _is_builtin_exception(base.id))
        ]
        if not kept and any(_last_name(base).endswith(_EXCEPTION_ENDINGS) for base in node.bases):
            kept.append(_at(ast.Name("Exception", ast.Load()), node))
        return kept


def _definition(
    kind: type[ast.FunctionDef | ast.AsyncFunctionDef],
    name: str,
    statement: ast.stmt,
    decorators: list[ast.expr],
    place: ast.stmt,
) -> ast.stmt:
    """A function of one statement that takes any arguments."""
    anything = ast.arguments(
        posonlyargs=[],
        args=[],
        vararg=_at(ast.arg("args"), place),
        kwonlyargs=[],
        kw_defaults=[],
        kwarg=_at(ast.arg("kwargs"), place),
        defaults=[],
    )
    made = kind(name=name, args=anything, body=[statement], decorator_list=decorators)
    return _at(_with_type_params(made), place)


def _flat(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements with those in branches, loops and handlers, in their order."""
    for node in statements:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node
            continue
        if isinstance(node, ast.If) and _is_main(node.test):
            yield from _flat(node.orelse)
            continue
        yield node
        for name in ("body", "handlers", "cases", "orelse", "finalbody"):
            for part in getattr(node, name, ()):
                if isinstance(part, ast.stmt):
                    yield from _flat([part])
                else:
                    yield from _flat(part.body)


def _bound(node: ast.stmt) -> list[str]:
    """Names that a statement itself binds, those in its blocks left out."""
    found: list[str] = []
    stack: list[ast.AST] = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            found.append(part.id)
        elif isinstance(part, ast.MatchAs | ast.MatchStar) and part.name:
            found.append(part.name)
        elif isinstance(part, ast.MatchMapping) and part.rest:
            found.append(part.rest)
        for child in ast.iter_child_nodes(part):
            inner = isinstance(child, ast.stmt | ast.ExceptHandler | ast.Lambda | ast.comprehension)
            if not inner:
                stack.append(child)
    if type(node).__name__ == "TypeAlias":
        return found[:1]
    if isinstance(node, ast.AnnAssign) and node.value is None:
        return []
    return list(dict.fromkeys(found))


def _is_main(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and _last_name(test.left) == "__name__"


def _is_list_of_names(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.List | ast.Tuple)
        and all(
            isinstance(element, ast.Constant) and isinstance(element.value, str)
            for element in node.value.elts
        )
    )


def _decorators(
    node: ast.FunctionDef | ast.AsyncFunctionDef, before: list[ast.stmt]
) -> list[ast.expr]:
    kept: list[ast.expr] = []
    for decorator in node.decorator_list:
        name = _last_name(decorator)
        if name in _PROPERTIES:
            name = "property"
        if name in _KEPT_DECORATORS:
            kept.append(_at(ast.Name(name, ast.Load()), decorator))
        elif name in {"setter", "deleter"} and _is_property(node.name, before):
            kept.append(decorator)
    return kept


def _is_property(name: str, before: list[ast.stmt]) -> bool:
    """Whether the last statement that binds a name made it a property."""
    for node in reversed(before):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if node.name == name:
                outermost = node.decorator_list[:1]
                return any(
                    _last_name(one) in {"property", "setter", "deleter"} for one in outermost
                )
        elif name in _bound(node):
            return False
    return False


def _is_builtin_exception(name: str) -> bool:
    found = getattr(builtins, name, None)
    return isinstance(found, type) and issubclass(found, BaseException)


def _last_name(node: ast.expr) -> str:
    while isinstance(node, ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _with_type_params(node: _Node) -> _Node:
    # Python 3.12 gave definitions this field; 3.11 does not know it.
    if "type_params" in node._fields:
        node.type_params = []  # type: ignore[attr-defined]
    return node


def _at(node: _Node, place: ast.AST) -> _Node:
    return ast.copy_location(node, place)
