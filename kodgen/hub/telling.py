"""Numbers and tables in Markdown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence


def number(value: int) -> str:
    """With commas."""
    return f"{value:,}"


def counts(values: Mapping[str, int]) -> str:
    """`easy 3, hard 1`, the most first."""
    ranked = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {number(count)}" for name, count in ranked) or "none"


def cell(text: str) -> str:
    """Text that may stand in a table."""
    return " ".join(text.split()).replace("|", "\\|")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Lines of a table, an empty one after it."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join('---' for _ in head)}|"
    for row in rows:
        yield f"| {' | '.join(cell(one) for one in row)} |"
    yield ""
