"""What is sought of a reference, beside the same told in a slower way: by writing it anew."""

import ast
from pathlib import Path

import pytest

from kodgen.config import Benchmark
from kodgen.contamination.benchmarks.loading import load_benchmark
from kodgen.contamination.programs.skeleton import beginning, skeleton
from kodgen.contamination.programs.sought import references
from kodgen.contamination.programs.trees import functions, is_text, tree_of

SHARED = Path(__file__).resolve().parents[3] / ".." / "shared/benchmarks"
FILES = {"humaneval": "humaneval/HumanEval.jsonl.gz", "mbpp": "mbpp/mbpp.jsonl"}
ODD = '''
import math
from typing import Literal


class Sum:
    @staticmethod
    @other(lambda x: x)
    async def of(self, xs: list[int], *, by: Literal[-1, 2] = 0x10, **more) -> "int | None":
        """É: it -- is `not` told."""
        total: int = 1_000  # no
        last: dict[str, float]

        def inner(one: Literal[3]) -> int:
            return one

        for x in xs:
            total += (math.floor(x)
+ inner(one=x) if x > .5 else -x)
        return f"é{total + 1:>3}"
'''


class _Bare(ast.NodeTransformer):
    """Leaves docstrings, `...` and annotations out."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(arg=node.arg)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        return ast.copy_location(ast.Assign(targets=[node.target], value=node.value), node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.returns = None
        node.body = [one for one in node.body if not is_text(one)] or [ast.Pass()]
        return node


def bare_skeletons(code: str) -> list[str]:
    tree, told = tree_of(code), []
    assert tree is not None
    for _, function, outermost in functions(tree):
        if outermost:
            function.decorator_list = []
            told.append(beginning(skeleton(ast.unparse(_Bare().visit(function)))))
    return told


def test_a_function_is_sought_without_annotations_however_it_is_laid_out() -> None:
    [(_, sought)] = references(ODD)
    assert bare_skeletons(ODD) == [one for one in sought.skeletons if one in bare_skeletons(ODD)]
    assert len(sought.skeletons) == 2
    assert sought.name == "of"
    assert sought.kept == {"floor", "one"}
    assert {"total", "inner", "xs", "math"} <= sought.words


def test_a_function_of_nothing_else_is_sought_by_its_texts() -> None:
    [(_, sought)] = references("def f(a):\n    return {a: 'yes', 'no more': 'YES'}\n")
    assert sought.kept == {"yes"}


def test_code_that_is_no_python_holds_nothing_to_seek() -> None:
    assert references("function f() { return 1; }") == ()


def test_lines_that_end_in_other_ways_change_nothing() -> None:
    assert references(ODD.replace("\n", "\r\n")) == references(ODD)


@pytest.mark.skipif(not SHARED.exists(), reason="no benchmarks beside the repository")
@pytest.mark.parametrize("name", FILES)
def test_all_of_a_benchmark_is_sought_as_when_written_anew(name: str) -> None:
    for task in load_benchmark(Benchmark(name=name, path=Path(FILES[name])), SHARED):
        code = task.solution or ""
        told = [sought.skeletons for _, sought in references(code)]
        assert all(one in known for one, known in zip(bare_skeletons(code), told, strict=True))
