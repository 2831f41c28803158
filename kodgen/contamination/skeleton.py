"""What of a function's source no renaming and no layout changes: its keywords and operators.

Parsing takes ten times as long as reading tokens, so rows are parsed only where a reference's
skeleton lies in theirs. Two functions with one shape have one skeleton, but for numbers written
in another base and operators or numbers inside annotations.
"""

import ast
import copy
import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import repeat
from typing import NamedTuple

from kodgen.contamination.shapes import BUILTINS, bound_names, functions, imports
from kodgen.contamination.trees import is_text, tree_of
from kodgen.contamination.words import distinct_words

SHORT = 14
"""Characters of a skeleton below which it begins too many others, so its end must fit as well."""
HEADS = (4, 8)
"""Characters by which a skeleton is sought first, the more the better; one that holds a function
has as many as the fewer."""

_TOKEN = re.compile(
    # Where no token begins is told at once, which halves the time.
    r"(?=[^ ().,:\[\]{}])(?:"
    r"[A-Za-z_]\w*+"
    r"|\n[ \t]*+(?=def\b|async\b|class\b|@)"
    r"|\n(?=[^\s#)\]}])"
    r"|->"
    r"|[-+*/%<>=!&^~@]"
    r'|"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""'
    r"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
    r"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'"
    r"|\#[^\n]*+"
    r"|\d+\.?\d*(?:[eE][-+]?\d+)?\w*)",
    re.DOTALL,
)
_DEFINED = re.compile(r"def(?=\s+(\w+))")
_IN_WORD = re.compile(r"\w")
_KEYWORDS = [
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "nonlocal",
    "not",
    "or",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
]
_BREAK = "\n"
_FIRST_NUMBER = chr(0x200)
_CODES = {
    **{word: chr(0x100 + place) for place, word in enumerate([*_KEYWORDS, *"-+*/%<>=!&^~@"])},
    **{str(number): chr(ord(_FIRST_NUMBER) + number) for number in (*range(33), 64, 97, 100, 1000)},
    **{f"\n{space * width}": _BREAK for width in range(33) for space in " \t"},
}
_CODES["else"] = chr(0x180)
_CODES["elif"] = _CODES["else"] + _CODES["if"]
_SIGNS = {token: code for token, code in _CODES.items() if _BREAK < code < _FIRST_NUMBER}
_DEF = _CODES["def"]


def skeleton(code: str) -> str:
    """One character for each token that stays: strings, comments, names and brackets go.

    A line feed is where a definition or a line without indentation begins.
    """
    return "".join(map(_CODES.get, _TOKEN.findall(code), repeat("")))


def signs_of(code: str) -> str:
    """`skeleton` without numbers, which can be written in several ways, and without line feeds."""
    return "".join(map(_SIGNS.get, _TOKEN.findall(code), repeat("")))


class Sought(NamedTuple):
    """What code holds that has some function, so that others need not be parsed."""

    name: str
    skeletons: frozenset[str]
    """Without its annotations, and as it is written."""
    kept: frozenset[str]
    """Words of its attributes, keyword arguments and built-ins, which its shape keeps; of its texts
    where it has none of those."""
    words: frozenset[str]
    """Words of all its names, which are in code that has it as it is written."""


def sought_of(code: str, lines: Collection[int]) -> dict[int, Sought]:
    """That of the functions of a module that begin in `lines`, by line."""
    tree = tree_of(code)
    if tree is None:
        return {}
    imported = imports(tree)
    return {
        function.lineno: _sought(code, function, imported)
        for _, function, _ in functions(tree)
        if function.lineno in lines
    }


def _sought(
    code: str, function: ast.FunctionDef | ast.AsyncFunctionDef, imported: Collection[str]
) -> Sought:
    own = {*bound_names(function), function.name, *imported}
    bare = _Bare().visit(copy.copy(function))
    bare.decorator_list = []
    written = [skeleton(ast.unparse(bare)), skeleton(ast.get_source_segment(code, function) or "")]
    kept: set[str] = set()
    names = {function.name}
    for node in ast.walk(bare):
        if isinstance(node, ast.Attribute):
            kept.add(node.attr)
        elif isinstance(node, ast.keyword) and node.arg:
            kept.add(node.arg)
        elif isinstance(node, ast.Name):
            (kept if node.id in BUILTINS and node.id not in own else names).add(node.id)
    # One that holds nothing else is all but anybody's, so its texts are asked for as well.
    kept = kept or {text for node in ast.walk(bare) if (text := _word(node))}
    return Sought(
        function.name,
        frozenset(one[one.index(_DEF) :] for one in written if _DEF in one),
        distinct_words(" ".join(kept)),
        distinct_words(" ".join(kept | names)),
    )


def _word(node: ast.AST) -> str:
    """A text of letters alone, which nobody writes in another way; empty if it is none."""
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, str) and value.isascii() and value.isalpha() else ""


_Needed = dict[str, set[frozenset[str]]]


class Skeletons:
    """Those of reference functions, sought in rows' code."""

    def __init__(
        self,
        anonymous: Iterable[tuple[str, frozenset[str]]],
        named: Iterable[tuple[str, frozenset[str]]] = (),
    ) -> None:
        """Take down what to look for.

        Args:
            anonymous: Skeletons that count under any name, each with words needed beside it.
            named: Names of functions that need no skeleton, each with words needed beside it.
        """
        self._whole: _Needed = {}
        self._beginnings: _Needed = {}
        for one, needed in anonymous:
            running = one.replace(_BREAK, "")
            if len(running) < SHORT and _BREAK not in one:
                self._whole.setdefault(one, set()).add(needed)
            else:
                self._beginnings.setdefault(running, set()).add(needed)
        self._lengths: dict[str, list[int]] = {}
        """Of the long ones, by what they begin with."""
        for length, head in sorted({(len(one), _head(one)) for one in self._beginnings}):
            self._lengths.setdefault(head, []).append(length)
        self._names: _Needed = {}
        for name, needed in named:
            self._names.setdefault(name, set()).add(needed)

    def may_be_in(self, code: str) -> bool:
        """Whether parsing the code could show one of the functions."""
        if "def" not in code:
            return False
        running, starts, parts = _definitions(code)
        if not starts:
            return False
        likely = [self._whole[part] for part in self._whole.keys() & parts]
        for start in starts:
            for width in HEADS:
                for length in self._lengths.get(running[start : start + width], ()):
                    found = self._beginnings.get(running[start : start + length])
                    if found is not None:
                        likely.append(found)
        if self._names:
            likely += self._defined(code)
        if not likely:
            return False
        told = distinct_words(code)
        return any(needed <= told for found in likely for needed in found)

    def _defined(self, code: str) -> Iterator[set[frozenset[str]]]:
        for found in _DEFINED.finditer(code):
            needed, start = self._names.get(found[1]), found.start()
            if needed and (start == 0 or not _IN_WORD.match(code, start - 1)):
                yield needed


# Two layers ask, one after the other, for those of a block of rows.
@lru_cache(maxsize=4096)
def _definitions(code: str) -> tuple[str, tuple[int, ...], frozenset[str]]:
    """A skeleton without breaks, where functions begin there, and what is up to a break of each."""
    written = skeleton(code)
    running = written.replace(_BREAK, "")
    starts = []
    start = running.find(_DEF)
    while start >= 0:
        starts.append(start)
        start = running.find(_DEF, start + 1)
    parts = frozenset(
        part[part.index(_DEF) :] for part in written.split(_BREAK) if starts and _DEF in part
    )
    return running, tuple(starts), parts


def _head(skeleton: str) -> str:
    few, many = HEADS
    return skeleton[: many if len(skeleton) >= many else few]


class _Bare(ast.NodeTransformer):
    """Leaves docstrings, `...` and annotations out; works on a tree of its own."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(arg=node.arg)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        self.generic_visit(node)
        if node.value is None:
            return None
        return ast.copy_location(ast.Assign(targets=[node.target], value=node.value), node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.returns = None
        node.body = [one for one in node.body if not is_text(one)] or [ast.Pass()]
        return node
