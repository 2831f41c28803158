"""Which names a test file takes from its solution, by the text of both."""

import ast
import builtins
import symtable
from collections.abc import Iterator

MODULE = "solution"
BUILTINS = frozenset(dir(builtins))
_EXCEPTIONS = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
)


class Offered:
    """What names a solution defines, by kind."""

    def __init__(self, tree: ast.Module) -> None:
        self.kinds: dict[str, str] = {}
        self.modules: set[str] = set()
        self.open = False
        """Whether it has names that only running it would show."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                self.modules |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                self.modules.add((node.module or "").split(".")[0])
        for statement in _statements(tree.body):
            self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.AsyncFunctionDef():
                self.kinds[node.name] = f"calls the asynchronous function {node.name}"
            case ast.FunctionDef():
                generator = any(isinstance(part, ast.Yield | ast.YieldFrom) for part in _own(node))
                self.kinds[node.name] = f"calls the generator {node.name}" if generator else ""
            case ast.ClassDef():
                exception = any(
                    isinstance(base, ast.Name)
                    and (base.id in _EXCEPTIONS or self.kinds.get(base.id) == "exception")
                    for base in node.bases
                )
                self.kinds[node.name] = "exception" if exception else f"uses class {node.name}"
            case ast.Import() | ast.ImportFrom():
                for alias in node.names:
                    self.open = self.open or alias.name == "*"
                    self.kinds[(alias.asname or alias.name).split(".")[0]] = "import"
            case _:
                for part in ast.walk(node):
                    if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                        self.kinds[part.id] = ""

    def why_not(self, name: str) -> str:
        """Why the tests can't have a name from another process; empty if they can."""
        kind = self.kinds.get(name, "")
        return "" if kind in {"exception", "import"} else kind


class Taking:
    """How a test file takes things from the solution.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: Python can't parse it here.
    """

    def __init__(self, test: str, offered: Offered) -> None:
        self.nodes = list(ast.walk(ast.parse(test)))
        self.names: set[str] = set()
        """The test file's names for what the solution itself defines."""
        self.origins: set[str] = set()
        """The solution's names for all that is taken of it."""
        self.aliases: set[str] = set()
        """Names of the solution's module."""
        self.defined: set[str] = set()
        """Functions and classes of the tests' own."""
        self.owners: set[int] = set()
        """By id: the nodes of names that are only asked for an attribute."""
        self.starred: tuple[str, ...] = ()
        """What the tests mean to have from `from solution import *`."""
        self.conflict = ""
        """A name that a star import gives in place of a builtin or of the tests' own."""
        self._star = 0
        for node in self.nodes:
            match node:
                case ast.ImportFrom(module="solution", level=0):
                    self._take_from(node)
                case ast.Import():
                    taken = [alias for alias in node.names if alias.name == MODULE]
                    self.aliases |= {alias.asname or MODULE for alias in taken}
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    self.defined.add(node.name)
                case ast.Attribute(value=ast.Name() as owner):
                    self.owners.add(id(owner))
        if self._star:
            self._take_all(offered, *_global_names(symtable.symtable(test, "test", "exec")))
        self.names -= {name for name, kind in offered.kinds.items() if kind == "import"}

    @property
    def anything(self) -> bool:
        """Whether it takes anything."""
        return bool(self._star or self.names or self.origins or self.aliases)

    def _take_from(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self._star = max(self._star, node.lineno)
            else:
                self.names.add(alias.asname or alias.name)
                self.origins.add(alias.name)

    def _take_all(self, offered: Offered, used: set[str], bound: set[str]) -> None:
        defined = (used - bound) & offered.kinds.keys()
        hidden = used & bound & offered.kinds.keys() - self.origins
        conflicts = (defined & BUILTINS) | {
            name for name in hidden if offered.kinds[name] != "import" and self._binds_first(name)
        }
        self.conflict = min(conflicts, default="")
        self.starred = tuple(sorted(used - bound - BUILTINS if offered.open else defined))
        self.names |= defined
        self.origins |= defined

    def _binds_first(self, name: str) -> bool:
        """Whether the tests may bind a name of their own before the star import."""
        for node in self.nodes:
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    found = node.name == name
                case ast.Name(ctx=ast.Store()):
                    found = node.id == name
                case ast.Import() | ast.ImportFrom():
                    found = any(_binds(alias) == name for alias in node.names)
                case _:
                    continue
            if found and node.lineno < self._star:
                return True
        return False


def _binds(alias: ast.alias) -> str:
    return (alias.asname or alias.name).partition(".")[0]


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module, those under its conditions too."""
    for statement in body:
        nested = [
            part
            for name in ("body", "orelse", "finalbody")
            for part in getattr(statement, name, [])
            if isinstance(part, ast.stmt)
        ]
        for branch in [*getattr(statement, "handlers", []), *getattr(statement, "cases", [])]:
            nested += branch.body
        definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        if isinstance(statement, definition) or not nested:
            yield statement
        else:
            yield from _statements(nested)


def _own(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """What is in a function's body, but not in functions within it."""
    waiting: list[ast.AST] = [*function.body]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def _global_names(table: symtable.SymbolTable) -> tuple[set[str], set[str]]:
    """Global names that a file uses, and those that it binds itself."""
    used: set[str] = set()
    bound: set[str] = set()
    for symbol in table.get_symbols():
        if symbol.is_referenced():
            used.add(symbol.get_name())
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
            bound.add(symbol.get_name())
    waiting = list(table.get_children())
    while waiting:
        inner = waiting.pop()
        waiting += inner.get_children()
        for symbol in inner.get_symbols():
            if symbol.is_global():
                used.add(symbol.get_name())
                if symbol.is_assigned():
                    bound.add(symbol.get_name())
    return used, bound
