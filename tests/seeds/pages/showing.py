"""Pages as tests show them."""

from collections.abc import Iterable

from kodgen.seeds.pages.elements import Element, Heading
from kodgen.seeds.pages.noise import meaningful


def as_markdown(elements: Iterable[Element]) -> str:
    """What of a page remains, headings as Markdown."""
    found = []
    for element in elements:
        if isinstance(element, Heading):
            found.append(f"{'#' * element.level} {element.text}")
        elif block := meaningful(element):
            found.append(block.text)
    return "\n\n".join(found)
