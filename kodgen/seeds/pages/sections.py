"""A page as sections, and sections as texts of a fitting length that stand on their own."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kodgen.seeds.pages.blocks import LongCode, divided
from kodgen.seeds.pages.elements import Block, Element, Heading, unlinked
from kodgen.seeds.pages.noise import is_dull, meaningful, without_empty_labels
from kodgen.tokens import CHARACTERS_PER_TOKEN

PART_ROOM = len(" (part 100 of 100)") + len("\n\n") + len("\n")
"""Characters of a text that are neither its headings' nor its blocks'."""


@dataclass(frozen=True, slots=True)
class Section:
    """What stands below one heading, down to the next one."""

    path: tuple[str, ...]
    """Its heading and those above it, the outermost first; empty before the first heading."""
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A text of a page, of a section, of neighbouring sections or of a part of one."""

    heading: str
    """The heading it begins with; empty where it has none."""
    text: str
    tokens: int


@dataclass(frozen=True, slots=True)
class _Chunk:
    parts: tuple[tuple[tuple[str, ...], str], ...]
    """Paths of sections, and texts of them."""
    number: int = 1
    of: int = 1

    @property
    def tokens(self) -> int:
        return sum(len(text) + 2 for _, text in self.parts) // CHARACTERS_PER_TOKEN

    @property
    def path(self) -> tuple[str, ...]:
        return self.parts[0][0]


def sections(elements: Iterable[Element]) -> list[Section]:
    """Sections of a page that say something, without navigation and lists of names."""
    found: list[Section] = []
    open_headings: list[Heading] = []
    blocks: list[Block] = []
    dull: int | None = None
    first = True

    def close() -> None:
        path = tuple(heading.text for heading in open_headings)
        said = without_empty_labels(blocks)
        if said and dull is None:
            found.append(Section(path, tuple(said)))
        blocks.clear()

    for element in elements:
        if isinstance(element, Block):
            block = meaningful(element)
            if block is not None:
                blocks.append(block)
            continue
        close()
        heading = Heading(element.level, " ".join(unlinked(element.text).strip("¶# ").split()))
        while open_headings and open_headings[-1].level >= heading.level:
            open_headings.pop()
        if dull is not None and heading.level <= dull:
            dull = None
        if dull is None and is_dull(heading.text, first=first):
            dull = heading.level
        first = False
        if heading.text:
            open_headings.append(heading)
    close()
    return [section for section in found if any(block.kind != "output" for block in section.blocks)]


def pieces(
    found: Sequence[Section], root: Sequence[str], most: int, least: int
) -> list[Piece | LongCode]:
    """Texts of `most` tokens at most, in the order of the page.

    A section that is longer is split between its blocks, into parts of like length; one shorter
    than `least` joins the section below its heading, else its neighbour. A text that finds no
    neighbour with room for it stays shorter than `least`.

    Args:
        found: Sections of a page.
        root: What stands before the page's own headings in the first line of each text.
        most: Tokens of the longest text, its line of headings included.
        least: Tokens of the shortest text, its headings not counted.
    """
    chunks: list[_Chunk] = []
    refused: list[LongCode] = []
    size = most * CHARACTERS_PER_TOKEN
    for section in found:
        room = size - len(_line(root, section.path, size)) - PART_ROOM
        texts = divided(section.blocks, room)
        refused += [text for text in texts if isinstance(text, LongCode)]
        kept = [text for text in texts if isinstance(text, str)]
        chunks += [
            _Chunk(((section.path, text),), number, len(kept))
            for number, text in enumerate(kept, 1)
        ]

    def fit(one: _Chunk, other: _Chunk) -> bool:
        return len(_piece(_merged(one, other), root, size).text) <= size

    joined = _joined(chunks, least, fit)
    return [*(_piece(chunk, root, size) for chunk in joined), *refused]


def _joined(
    chunks: Sequence[_Chunk], least: int, fit: Callable[[_Chunk, _Chunk], bool]
) -> list[_Chunk]:
    out: list[_Chunk] = []
    for at, chunk in enumerate(chunks):
        before = out[-1] if out else None
        after = chunks[at + 1] if at + 1 < len(chunks) else None
        leads = after is not None and after.path[: len(chunk.path)] == chunk.path
        waits = after is not None and leads and fit(chunk, after)
        short = before is not None and (
            before.tokens < least or (chunk.tokens < least and not waits)
        )
        if before is not None and short and fit(before, chunk):
            out[-1] = _merged(before, chunk)
        else:
            out.append(chunk)
    return out


def _merged(one: _Chunk, other: _Chunk) -> _Chunk:
    return _Chunk(one.parts + other.parts, one.number, one.of)


def _piece(chunk: _Chunk, root: Sequence[str], size: int) -> Piece:
    common = chunk.path
    for path, _ in chunk.parts:
        shared = 0
        while shared < min(len(common), len(path)) and common[shared] == path[shared]:
            shared += 1
        common = common[:shared]
    title = _line(root, common, size)
    if chunk.of > 1 and common == chunk.path:
        title += f" (part {chunk.number} of {chunk.of})"
    lines = [title]
    last = common
    for path, text in chunk.parts:
        if path != last:
            depth = max(1, len(path) - len(common))
            lines.append(f"{'#' * min(6, 1 + depth)} {path[-1]}" if path else "")
            last = path
        lines.append(text)
    heading = chunk.path[-1] if chunk.path else ""
    return Piece(heading, "\n\n".join(line for line in lines if line) + "\n", chunk.tokens)


def _line(root: Sequence[str], path: Sequence[str], size: int) -> str:
    """The first line of a text: where it is from, at most a quarter of the text's size."""
    line = " > ".join(_distinct([*root, *path]))
    return line if len(line) <= size // 4 else f"…{line[1 - size // 4 :]}"


def _distinct(path: Sequence[str]) -> list[str]:
    """A path without a step that repeats the one before it."""
    return [
        step
        for at, step in enumerate(path)
        if step and (at == 0 or step.casefold() != path[at - 1].casefold())
    ]
