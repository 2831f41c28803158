"""The supervisor's own reading of a test file: which tests must report, and which others may.

The trial says what pytest collected, but a solution can make it say less. So the file is parsed
here, without running it, by pytest's default rules: functions `test*` of the module, methods
`test*` of classes `Test*` and of `unittest.TestCase`s. Where only running could tell (a test
under an `if`, a decorator that may return anything, an inherited method), the test may report but
need not.
"""

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from kodgen.sandbox.harness.checks import surely_checked

LONGEST_SOURCE = 100_000
"""Characters of a file that is still parsed here: hostile text can take the square of its length
(0.8 s for an f-string of 60,000 characters), and all trials wait meanwhile."""

_UNCOLLECTED_BY = {"fixture", "contextmanager", "asynccontextmanager", "property"}
"""Last names of decorators whose result pytest does not collect."""
_HARMLESS_DECORATORS = {"parametrize", "usefixtures", "patch", "object", "dict", "filterwarnings"}
"""Last names of decorators that let a test run as it is written, and let its failure through."""
_SCOPE_OPEN = "*"


@dataclass(frozen=True, slots=True)
class Expected:
    """Tests by qualified name (`test_a`, `TestB::test_c`), parameters left out."""

    required: frozenset[str]
    allowed: frozenset[str]
    open_scopes: frozenset[str]
    """Scopes in which any name may appear: `*` for the module, a class for its methods."""
    checked: frozenset[str] = frozenset()
    """Tests that can't pass without reaching a check; some that can't may be missing."""

    def permits(self, name: str) -> bool:
        """Whether a collected test can have come from this file."""
        scope = name.rpartition("::")[0]
        return (
            name in self.required
            or name in self.allowed
            or (scope or _SCOPE_OPEN) in self.open_scopes
            or name.split("::", 1)[0] in self.open_scopes
        )


def parse(source: str) -> ast.Module | None:
    """The syntax tree of a solution or test file; None if Python could not parse it here."""
    if len(source) > LONGEST_SOURCE:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def nodes(*roots: ast.AST) -> Iterator[ast.AST]:
    """Syntax trees' nodes, each once, in no order; three times as fast as `ast.walk`."""
    pending = list(roots)
    while pending:
        node = pending.pop()
        yield node
        for value in node.__dict__.values():
            if isinstance(value, list):
                pending += [part for part in value if isinstance(part, ast.AST)]
            elif isinstance(value, ast.AST):
                pending.append(value)


def read(source: str) -> Expected | None:
    """Read a test file; None if Python could not parse it here."""
    tree = parse(source)
    if tree is None:
        return None
    reader = _Reader()
    try:
        reader.body(tree.body, (), certain=True)
        checked = surely_checked(tree)
    except RecursionError:
        return None
    required = reader.required - reader.unsure
    return Expected(
        required=frozenset(required),
        allowed=frozenset((reader.required | reader.allowed) - required),
        open_scopes=frozenset(reader.open_scopes),
        checked=checked & required - reader.unusual - reader.allowed,
    )


class _Reader:
    def __init__(self) -> None:
        self.required: set[str] = set()
        self.allowed: set[str] = set()
        self.unsure: set[str] = set()
        self.open_scopes: set[str] = set()
        self.unusual: set[str] = set()
        """Tests that may run otherwise than their body reads."""

    def body(self, statements: list[ast.stmt], scope: tuple[str, ...], *, certain: bool) -> None:
        """Read the statements of a module or class; `certain` if they are sure to run."""
        pending = [(statement, certain) for statement in reversed(statements)]
        while pending:
            statement, sure = pending.pop()
            match statement:
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    self._function(statement, scope, certain=sure)
                case ast.ClassDef():
                    self._class(statement, scope, certain=sure)
                case ast.Import() | ast.ImportFrom():
                    for alias in statement.names:
                        self._bound(alias.asname or alias.name, scope)
                case _:
                    self._other(statement, scope)
                    pending += [(inner, False) for inner in reversed(_inner(statement))]

    def _function(
        self,
        node: ast.FunctionDef | ast.AsyncFunctionDef,
        scope: tuple[str, ...],
        *,
        certain: bool,
    ) -> None:
        if not node.name.startswith("test"):
            return
        name = "::".join((*scope, node.name))
        if not _is_plain(node):
            self.unusual.add(name)
        if any(_last_name(decorator) in _UNCOLLECTED_BY for decorator in node.decorator_list):
            self.unsure.add(name)
        elif certain:
            self.required.add(name)
        else:
            self.allowed.add(name)

    def _class(self, node: ast.ClassDef, scope: tuple[str, ...], *, certain: bool) -> None:
        bases = [_last_name(base) for base in node.bases]
        unittest = any(base.endswith("TestCase") for base in bases)
        name = "::".join((*scope, node.name))
        if not node.name.startswith("Test") and not bases:
            return
        # A second class of one name takes the place of the first, and of its tests.
        self.unsure |= {n for n in self.required | self.allowed if n.startswith(f"{name}::")}
        if bases and bases != ["object"]:
            # Inherited methods are collected too, and a base can change what is.
            self.open_scopes.add(name)
        plain = not node.keywords and all(
            _last_name(decorator) in {"usefixtures", "parametrize", "skip", "skipif", "xfail"}
            for decorator in node.decorator_list
        )
        known = unittest or (node.name.startswith("Test") and bases in ([], ["object"]))
        constructed = not unittest and any(
            isinstance(part, ast.FunctionDef) and part.name in {"__init__", "__new__"}
            for part in node.body
        )
        sure = certain and plain and known and not constructed
        inner = (*scope, node.name)
        # Classes within a TestCase are not collected.
        nested = [part for part in node.body if unittest and isinstance(part, ast.ClassDef)]
        self.body([part for part in node.body if part not in nested], inner, certain=sure)
        self.body(list(nested), inner, certain=False)

    def _other(self, statement: ast.stmt, scope: tuple[str, ...]) -> None:
        """Names bound or unbound by a statement of another kind, those within it left out."""
        own = [part for part in ast.iter_child_nodes(statement) if isinstance(part, ast.expr)]
        own += [part for item in getattr(statement, "items", []) for part in [item.optional_vars]]
        for part in nodes(*filter(None, own)):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store | ast.Del):
                self._bound(part.id, scope)
            elif isinstance(part, ast.Attribute) and part.attr == "__test__":
                self._bound(_last_name(part.value), scope)

    def _bound(self, name: str, scope: tuple[str, ...]) -> None:
        """A name that an assignment, import or `del` may have made, or unmade, a test."""
        if name == "*":
            self.open_scopes.add(_SCOPE_OPEN)
        elif name == "__test__":
            self.open_scopes.add("::".join(scope) or _SCOPE_OPEN)
            self.unsure |= {n for n in self.required if n.startswith("::".join(scope))}
        elif name.startswith("test"):
            full = "::".join((*scope, name))
            self.allowed.add(full)
            self.unsure.add(full)
        elif name.startswith("Test"):
            full = "::".join((*scope, name))
            self.open_scopes.add(full)
            self.unsure |= {n for n in self.required if n.startswith(full + "::")}


def _inner(statement: ast.stmt) -> list[ast.stmt]:
    """The statements that stand in branches of another."""
    found: list[ast.stmt] = []
    for branch in (
        statement,
        *getattr(statement, "handlers", []),
        *getattr(statement, "cases", []),
    ):
        for name in ("body", "orelse", "finalbody"):
            found += getattr(branch, name, [])
    return found


def _is_plain(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a test runs from its first statement on, and fails if one of them does."""
    return (
        isinstance(node, ast.FunctionDef)
        and all(_last_name(decorator) in _HARMLESS_DECORATORS for decorator in node.decorator_list)
        and not any(isinstance(part, ast.Yield | ast.YieldFrom) for part in nodes(node))
    )


def _last_name(node: ast.expr) -> str:
    while isinstance(node, ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def function_of(name: str) -> str:
    """A collected test's qualified name without its parameters."""
    return name.split("[", 1)[0]
