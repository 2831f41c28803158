from typing import Any

import pytest

from kodgen.pipeline.yaml_lines import YamlSyntaxError, read_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("1e-3", 0.001),
        ("'1e-3'", "1e-3"),
        ("0.5", 0.5),
        ("12:30", "12:30"),
        ("2030-01-01", "2030-01-01"),
        ("yes", True),
        ("~", None),
        ("", None),
        ("[a, 1]", ["a", 1]),
        ("on: 1", {"on": 1}),
        ("7: 1", {"7": 1}),
    ],
)
def test_values_are_read_as_people_mean_them(text: str, value: Any) -> None:
    document = read_yaml(text)
    assert document.data == value
    assert document.mistakes == []


def test_the_line_of_every_key_and_entry_is_known() -> None:
    document = read_yaml("# first\na:\n  b: 1\nc:\n  - d: 2\n  - {e: 3,\n     f: 4}\n")
    assert document.lines == {
        (): 2,
        ("a",): 2,
        ("a", "b"): 3,
        ("c",): 4,
        ("c", 0): 5,
        ("c", 0, "d"): 5,
        ("c", 1): 6,
        ("c", 1, "e"): 6,
        ("c", 1, "f"): 7,
    }


def test_anchors_and_merges_work_and_a_key_of_ones_own_wins() -> None:
    document = read_yaml("x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\nz: *x\n")
    assert document.data["y"] == {"a": 1, "b": 3}
    assert document.data["z"] == {"a": 1, "b": 2}
    assert document.mistakes == []


@pytest.mark.parametrize(
    ("text", "keys", "line", "what"),
    [
        ("a: 1\nb: 2\na: 3\n", ("a",), 3, "given twice, first on line 1"),
        ("a:\n  b: 1\n  b: 1\n", ("a", "b"), 3, "given twice, first on line 2"),
        ("a: !secret x\n", ("a",), 1, "'!secret' means nothing here"),
        ("a: !thing {b: 1}\n", ("a",), 1, "'!thing' means nothing here"),
        ("a: !!int x\n", ("a",), 1, "not what its tag says"),
        ("a: &a [*a]\n", ("a", 0), 1, "contains itself"),
        ("? [a]\n: 1\n", (), 1, "a key must be text"),
    ],
)
def test_what_yaml_allows_and_we_do_not_is_a_mistake_with_its_line(
    text: str, keys: tuple[str | int, ...], line: int, what: str
) -> None:
    ((found_keys, found_line, found_what),) = read_yaml(text).mistakes
    assert (found_keys, found_line) == (keys, line)
    assert what in found_what


@pytest.mark.parametrize(
    ("text", "line", "column", "problem"),
    [
        ("x: 1\na: [1,\nb: 2\n", 4, 1, "flow sequence begun on line 2"),
        ("a:\n\tb: 1\n", 2, 1, "spaces, not tabs"),
        ("a: 1\nb: \x07\n", 2, 4, "does not allow"),
        ("a: 1\n---\nb: 1\n", 2, 1, "single document"),
        ("a: *b\n", 1, 4, "undefined alias"),
    ],
)
def test_broken_syntax_has_a_line_and_a_column(
    text: str, line: int, column: int, problem: str
) -> None:
    with pytest.raises(YamlSyntaxError, match=problem) as caught:
        read_yaml(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_endless_nesting_is_an_error_too() -> None:
    with pytest.raises(YamlSyntaxError, match="nested too deeply"):
        read_yaml("[" * 100_000)
