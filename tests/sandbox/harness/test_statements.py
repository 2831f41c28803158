import ast
import warnings
from pathlib import Path

import coverage
import pytest

from kodgen.sandbox.harness.statements import Survey, continued
from tests.sandbox.harness.programs import Writer
from tests.sandbox.harness.reference import constructs

CONSTRUCTS = constructs()


def lines_of(text: str) -> set[int]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
        return Survey(tree, text).statements(compile(text, "x.py", "exec"))


def reference(text: str, path: Path) -> set[int]:
    path.write_text(text)
    measured = coverage.Coverage(data_file=None, config_file=False, messages=False)
    measured.set_option("report:exclude_lines", [])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return set(measured.analysis2(str(path))[1])


@pytest.mark.parametrize("name", sorted(CONSTRUCTS))
def test_lines_are_those_of_coverage_py(name, tmp_path):
    text = CONSTRUCTS[name].removeprefix("\ufeff").replace("\r", "")
    assert lines_of(text) == reference(text, tmp_path / "x.py")


@pytest.mark.parametrize("seed", range(0, 30, 10))
def test_lines_of_random_programs_are_those_of_coverage_py(seed, tmp_path):
    for each in range(seed, seed + 10):
        text = Writer(each).program()
        assert lines_of(text) == reference(text, tmp_path / "x.py"), each


def test_most_sources_need_no_tokens(monkeypatch):
    def refuse(text: str) -> dict[int, int]:
        raise AssertionError("tokenized")

    monkeypatch.setattr("kodgen.sandbox.harness.statements.continued", refuse)
    text = "def f(\n    a,\n):\n    if a: return 1\n    else: return 2\n"
    assert lines_of(text) == {1, 4, 5}
    with pytest.raises(AssertionError):
        lines_of("x = 1 \\\n    + 2\n")


def test_lines_that_go_on_with_a_statement():
    text = "x = (\n    1,\n)\n# comment\ny = 1; z = [\n]\nif x and \\\n    y: t = '''\n'''\n"
    assert continued(text) == {1: 1, 2: 1, 3: 1, 5: 5, 6: 5, 7: 7, 8: 7, 9: 7}


def test_a_function_in_one_line_is_one_statement():
    assert lines_of('def f(): """Doc."""\nclass C: x = 1\n') == {2}
