"""Every text of a built dataset, once, as a table that an audit reads.

The same question stands in every config, wrapped in this trainer's chat and in that one's
instruction. Rows that hold question, solution and tests come whole; of all others, attempts and
answers in full among them, the paragraphs that no earlier text had, as parts of a row.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kodgen.engine.releasing.exported import VERIFIABLE, Exported, read_rows
from kodgen.engine.store.tables import ParquetSink
from kodgen.hub.facts import Config

COLUMNS = ("id", "subset", "question", "solution", "tests")
PARTS = ("question", "solution", "test")
SHORTEST = 40
"""Letters of a text that is looked at: shorter ones are names, labels, numbers."""
PART = " ("
"""Begins, in an id, the place of a text that is part of a row."""
_PARAGRAPHS = re.compile(r"\n\s*\n")
_FENCE = re.compile(r"^\s*(```|~~~)[\w+-]*\s*$", re.MULTILINE)


def write_texts(folder: Path, configs: Sequence[Config], path: Path) -> int:
    """Write the table.

    Returns:
        The number of its rows.

    Raises:
        RunDirectoryError: It can't be written.
    """
    import pyarrow as pa

    sink = ParquetSink(path, pa.schema([(name, pa.string()) for name in COLUMNS]))
    for row in texts(folder, configs):
        sink.add(dict(zip(COLUMNS, row, strict=True)))
    sink.close()
    return sink.rows


def texts(
    folder: Path, configs: Sequence[Config]
) -> Iterator[tuple[str, str, str, str | None, str | None]]:
    """Rows of the table, in an order that the files decide."""
    seen: set[int] = set()
    # Whole rows first, so that what others repeat of them is known.
    ranked = sorted(configs, key=lambda config: not _whole(config))
    for config in ranked:
        for row in read_rows(folder, config):
            subset = str(row.values.get("subset") or "")
            if _whole(config):
                question, solution, tests = (str(row.values[name]) for name in PARTS)
                left = [_new(seen, text) for text in (question, solution, tests)]
                if any(left):
                    yield row.id, subset, question, solution, tests
            for way, text in _others(row, config):
                new = _new(seen, text)
                if len(new) >= SHORTEST:
                    yield f"{row.id}{PART}{row.place}, {way})", subset, new, None, None


def _whole(config: Config) -> bool:
    return {feature["name"] for feature in config.features} >= VERIFIABLE


def _others(row: Exported, config: Config) -> Iterator[tuple[str, str]]:
    """Texts of a row but those that were taken whole; what is JSON, part by part."""
    for way, text in row.texts():
        if _whole(config) and way in VERIFIABLE:
            continue
        # Ids, hashes and names hold no blank.
        if len(text) < SHORTEST or " " not in text:
            continue
        inner = _json(text)
        if inner is None:
            yield way, text
            continue
        held = Exported(row.config, row.split, row.place, row.id, {way: inner})
        yield from ((place, one) for place, one in held.texts() if " " in one)


def _json(text: str) -> Any:
    if text[0] not in "[{":
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _new(seen: set[int], text: str) -> str:
    """The paragraphs of a text that were not there before; fences are no part of them."""
    left = []
    for paragraph in _PARAGRAPHS.split(_FENCE.sub("", text)):
        kept = paragraph.strip()
        digest = int.from_bytes(hashlib.blake2b(kept.encode(), digest_size=8).digest())
        if kept and digest not in seen:
            seen.add(digest)
            left.append(kept)
    return "\n\n".join(left)
