"""Static rules: what the text of a solution and its tests says of a pass that no run can tell.

Text proves little, so a rule spoils a pass only for what honest code has no use for, and flags
the rest for whoever filters a dataset. Nothing is run, and no text makes this raise.
"""

import ast
import builtins
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kodgen.records import VerdictOutcome
from kodgen.sandbox import rebinding, testfile
from kodgen.sandbox.comparisons import Comparisons
from kodgen.sandbox.interface import interface_of, is_main_guard
from kodgen.sandbox.patching import Patches

FLAGS = {
    "brings_tests": "`from solution import *` brings names that pytest acts on: tests, set-ups",
    "duplicate_test_names": "a test was replaced by a later one of the same name, and never ran",
    "exits_process": "the solution may end its process: `sys.exit`, `os._exit`, `os.kill`",
    "imports_ctypes": "the solution can reach any memory of its process",
    "inspects_frames": "the solution looks at its callers, at live objects or at loaded modules",
    "overrides_comparison": "a class of the solution says itself what `==` or `<` means",
    "reads_test_source": "the solution reads source files, or names the test file",
    "runs_text_as_code": "the solution uses `exec`, `eval` or imports by name; rules can't see in",
    "shadows_names": "`from solution import *` hides a builtin or import that the tests use",
    "spawns_processes": "the solution starts processes",
    "touches_test_framework": "the solution imports pytest or unittest, or changes builtins",
    "unparsed": "solution or test is too long, or kodgen's own Python can't parse it: not read",
    "uses_network": "the solution imports a network client or server",
}
"""Each flag that these rules give, and what it says."""

_BY_IMPORT = {
    "imports_ctypes": {"ctypes", "_ctypes", "cffi"},
    "inspects_frames": {"gc"},
    "reads_test_source": {"linecache", "test_solution"},
    "spawns_processes": {"subprocess", "multiprocessing", "pty", "_posixsubprocess"},
    "touches_test_framework": {"pytest", "_pytest", "pluggy", "unittest", "mock", "coverage"},
    "uses_network": {
        *("socket", "_socket", "ssl", "socketserver", "ftplib", "smtplib", "poplib", "imaplib"),
        *("http.client", "http.server", "urllib.request", "xmlrpc", "telnetlib", "nntplib"),
        *("requests", "urllib3", "httpx", "aiohttp", "websocket", "websockets", "paramiko"),
    },
}
_BY_NAME = {
    "exits_process": {"_exit", "abort", "killpg", "raise_signal", "pthread_kill", "SystemExit"},
    "inspects_frames": {
        *("_getframe", "_current_frames", "_getframemodulename", "currentframe", "getouterframes"),
        *("f_back", "f_globals", "f_locals", "f_code", "tb_frame", "gi_frame", "cr_frame"),
        *("get_objects", "get_referrers", "settrace", "setprofile", "addaudithook"),
    },
    "reads_test_source": {
        *("getsource", "getsourcelines", "getsourcefile", "findsource", "co_filename"),
        *("__file__", "linecache"),
    },
    "runs_text_as_code": {"__import__", "import_module", "exec_module", "__builtins__"},
    "spawns_processes": {
        "ProcessPoolExecutor",
        "create_subprocess_exec",
        "create_subprocess_shell",
    },
    "touches_test_framework": {"__builtins__"},
}
"""Names whose mention says so: as a variable, as an attribute, or in a string by itself."""
_BY_MEMBER = {
    ("inspect", "stack"): "inspects_frames",
    ("inspect", "trace"): "inspects_frames",
    ("inspect", "getmodule"): "inspects_frames",
    ("sys", "modules"): "inspects_frames",
    ("sys", "exit"): "exits_process",
    ("os", "kill"): "exits_process",
    **{
        ("os", name): "spawns_processes"
        for name in (
            *("system", "popen", "fork", "forkpty", "posix_spawn", "posix_spawnp"),
            *(f"{verb}{kind}" for verb in ("exec", "spawn") for kind in ("l", "le", "lp", "lpe")),
            *(f"{verb}{kind}" for verb in ("exec", "spawn") for kind in ("v", "ve", "vp", "vpe")),
        )
    },
}
_CALLED = {"exec": "runs_text_as_code", "eval": "runs_text_as_code", "compile": "runs_text_as_code"}
_CALLED |= {"exit": "exits_process", "quit": "exits_process"}
_TEST_FILE = re.compile(r"test_solution|test_?\*|\*\.py\b|\btest_\w*\.py\b|/proc/(?:self|\d)")
_ACTED_ON = re.compile(r"test|Test|pytest|(?:setup|teardown)_|setUpModule|tearDownModule")
_LONGEST_TEXT = 400
"""Characters of a file that is still read here: 40 times the longest of real pairs, and half a
second."""
_PLUGINS = "pytest_plugins"

Finding = tuple[VerdictOutcome, str, str]
"""Outcome, reason, message."""
_FLAG_OF = {name: flag for flag, names in _BY_NAME.items() for name in names}
_IMPORT_FLAGS = {name: flag for flag, names in _BY_IMPORT.items() for name in names}


@dataclass(frozen=True, slots=True)
class Findings:
    """What the text says of a pass."""

    spoilt: Finding | None
    """What a pass becomes; None if it stays one."""
    flags: tuple[str, ...]
    """Some of `FLAGS`, sorted."""


def read(solution: str, test: str) -> Findings:
    """Apply all rules to a solution and its test file."""
    flags: set[str] = set()
    found: list[Finding] = []
    try:
        theirs, tests = _parse(solution), _parse(test)
        if theirs is not None:
            found += _solution(theirs, tests, flags)
        if tests is not None:
            found += _test(tests, theirs, flags)
    except RecursionError:
        theirs = tests = None
    if "inspects_frames" in flags and "_exit" in solution:
        message = "it looks at live objects and can leave at any moment: with both, it can report"
        found.append(("tampered", "reaches_report", message))
    if theirs is None or tests is None:
        flags.add("unparsed")
    return Findings(found[0] if found else None, tuple(sorted(flags)))


def _parse(source: str) -> ast.Module | None:
    return testfile.parse(source) if len(source) <= testfile.LONGEST_SOURCE else None


def _solution(tree: ast.Module, tests: ast.Module | None, flags: set[str]) -> Iterator[Finding]:
    comparisons, patches = Comparisons(), Patches()
    names_plugins = False
    for node in _walk(tree):
        comparisons.see(node)
        patches.see(node)
        flags.update(_flags(node))
        names_plugins |= _names(node, _PLUGINS)
    comparisons.conclude(tree)
    if comparisons.overridden:
        flags.add("overrides_comparison")
    if names_plugins:
        yield "tampered", "pytest_plugins", "the solution sets pytest_plugins"
    if comparisons.lie:
        yield "tampered", "lying_comparison", comparisons.lie
    patched = patches.found(_mentioned(tests)) if patches.any and tests is not None else ""
    if patched:
        yield "tampered", "patches_module", patched


def _mentioned(tests: ast.Module) -> set[str]:
    """Modules that a test file imports, and names it uses: a star import may bring a module."""
    found: set[str] = set()
    for node in testfile.nodes(tests):
        match node:
            case ast.Import(names=names):
                found |= {name.name for name in names}
            case ast.ImportFrom(module=str(module)):
                found.add(module)
            case ast.Name(id=name):
                found.add(name)
    return found


def _test(tree: ast.Module, solution: ast.Module | None, flags: set[str]) -> Iterator[Finding]:
    used: set[str] = set()
    for node in testfile.nodes(tree):
        if _names(node, _PLUGINS):
            yield "tampered", "pytest_plugins", "the test file sets pytest_plugins"
        if isinstance(node, ast.Name):
            used.add(node.id)
        elif isinstance(node, ast.Module | ast.ClassDef) and _has_duplicates(node.body):
            flags.add("duplicate_test_names")
    interface = interface_of(solution) if solution is not None else None
    imports = rebinding.read(tree, interface)
    starred = interface.public if interface is not None and imports.star else frozenset()
    if any(_ACTED_ON.match(name) for name in starred):
        flags.add("brings_tests")
    if starred & used & (imports.elsewhere | _BUILTINS):
        flags.add("shadows_names")
    if not imports.any:
        yield "vacuous", "solution_not_imported", "the tests import nothing the solution made"
    elif imports.rebound:
        yield "vacuous", "solution_rebound", imports.rebound


_BUILTINS = frozenset(vars(builtins))


def _walk(tree: ast.Module) -> Iterator[ast.AST]:
    """All nodes but those that only a script runs."""
    for statement in tree.body:
        if not (isinstance(statement, ast.If) and is_main_guard(statement)):
            yield from testfile.nodes(statement)


def _flags(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import() | ast.ImportFrom():
            yield from _import(node)
        case ast.Attribute(value=value, attr=name):
            yield from _named(name)
            yield from _member(value.id if isinstance(value, ast.Name) else "", name)
            if _names(value, "builtins") and not isinstance(node.ctx, ast.Load):
                yield "touches_test_framework"
        case ast.Name(id=name):
            yield from _named(name)
        case ast.Call(func=ast.Name(id=name)):
            if name in _CALLED:
                yield _CALLED[name]
            if name == "setattr" and node.args and _names(node.args[0], "builtins"):
                yield "touches_test_framework"
        case ast.Constant(value=str(text)) if len(text) <= _LONGEST_TEXT:
            yield from _named(text)
            if _TEST_FILE.search(text):
                yield "reads_test_source"
        case _:
            pass


def _import(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        yield from _imported(module)
        for alias in node.names:
            yield from _imported(f"{module}.{alias.name}")
            yield from _named(alias.name)
            yield from _member(module, alias.name)
    else:
        for alias in node.names:
            yield from _imported(alias.name)


def _imported(module: str) -> Iterator[str]:
    top = module.partition(".")[0]
    flag = _IMPORT_FLAGS.get(module) or _IMPORT_FLAGS.get(top)
    if flag is not None:
        yield flag


def _named(name: str) -> Iterator[str]:
    flag = _FLAG_OF.get(name)
    if flag is not None:
        yield flag


def _member(owner: str, name: str) -> Iterator[str]:
    flag = _BY_MEMBER.get((owner, name))
    if flag is not None:
        yield flag


def _names(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Name(id=found) | ast.Attribute(attr=found) | ast.Constant(value=str(found)):
            return found == name
        case ast.alias(name=found, asname=other):
            return name in {found, other}
        case ast.FunctionDef(name=found) | ast.ClassDef(name=found):
            return found == name
        case _:
            return False


def _has_duplicates(body: list[ast.stmt]) -> bool:
    """Whether two tests of one scope have the same name."""
    names = [
        node.name
        for node in body
        if (isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name[:4] == "test")
        or (isinstance(node, ast.ClassDef) and node.name.startswith("Test"))
    ]
    return len(names) != len(set(names))
