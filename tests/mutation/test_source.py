import ast

import pytest

from kodgen.mutation.source import Edit, Source


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_places_are_right_behind_wide_characters_and_any_line_end(end: str) -> None:
    text = end.join(["x = 'é€😀'; y = 'ü' + z", "é = ['😀', w]", ""])
    tree, source = ast.parse(text), Source(text)
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    assert {source.of(node) for node in names} == {"x", "y", "z", "é", "w"}
    (wide,) = (node for node in names if node.id == "w")
    assert source.edited(source.replaced(wide, "W")) == text.replace("w]", "W]")
    assert source.line_of(source.span(wide)[0]) == 2


def test_a_form_feed_and_a_separator_within_a_text_end_no_line() -> None:
    text = "x = 'a\x0cb\u2028c'\ny = z\n"
    source = Source(text)
    (name,) = (n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name) and n.id == "z")
    assert source.of(name) == "z"


def test_a_span_is_widened_to_its_lines() -> None:
    source = Source("a\nbc\nde\nf")
    assert source.lines(3, 6) == (2, 7)
    assert source.lines(9, 9) == (8, 9)
    assert source.edited(Edit(3, 4, "X"), *source.lines(3, 4)) == "bX"
