"""The change log of a released dataset: Markdown, newest version first."""

import re
from itertools import pairwise

from kodgen.hub.changes import Changes, Named, RowCounts

TITLE = "# Changelog"

_HEADING = re.compile(r"^## +(\S+)", re.MULTILINE)

_SHOWN = 40
"""Keys of the pipeline told one by one; a log is read, `provenance/pipeline.yaml` is compared."""

_LONGEST = 80
"""Characters of a value that are shown."""


def changelog(found: Changes, version: str, older: str = "") -> str:
    """Write the whole log: what this version changed, above the entries of the released log.

    Args:
        found: What changed.
        version: The version to be released.
        older: The released CHANGELOG.md, '' if there is none. Its entries are kept as they are,
            but for one of this very version, which is written anew.
    """
    parts = [TITLE, f"## {version}\n\n{entry(found)}"]
    parts += [text for name, text in _entries(older) if name != version]
    return "\n\n".join(parts) + "\n"


def entry(found: Changes) -> str:
    """Write what one version changed, without a heading: a card's section holds it too."""
    if found.before is None:
        parts = ["First release.", _splits(found)]
    else:
        parts = [f"Compared with {found.before}:", _rows(found), _splits(found), _lists(found)]
    return "\n\n".join(part for part in parts if part)


def _entries(older: str) -> list[tuple[str, str]]:
    starts = list(_HEADING.finditer(older))
    bounds = [start.start() for start in starts] + [len(older)]
    return [
        (start.group(1), older[begin:end].strip())
        for start, (begin, end) in zip(starts, pairwise(bounds), strict=True)
    ]


def _rows(found: Changes) -> str:
    if found.rows is None:
        return "Rows were not compared one by one: one of the two releases has no list of them."
    if not any(_differs(counts) for counts in found.rows.values()):
        return "No row was added, removed or changed."
    lines = [
        "| config | subset | rows added | removed | changed | unchanged |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {_cell(config)} | {_cell(subset)} | {of.added:,} | {of.removed:,} | {of.changed:,} "
        f"| {of.same:,} |"
        for (config, subset), of in found.rows.items()
    ]
    return "\n".join(lines)


def _differs(counts: RowCounts) -> bool:
    return bool(counts.added or counts.removed or counts.changed)


def _splits(found: Changes) -> str:
    if found.before is None:
        lines = ["| config | split | rows |", "| --- | --- | ---: |"]
        lines += [
            f"| {_cell(config)} | {_cell(split)} | {_number(now)} |"
            for (config, split), (_, now) in found.counts.items()
        ]
    else:
        lines = ["| config | split | rows before | rows now |", "| --- | --- | ---: | ---: |"]
        lines += [
            f"| {_cell(config)} | {_cell(split)} | {_number(was)} | {_number(now)} |"
            for (config, split), (was, now) in found.counts.items()
            if was != now
        ]
    return "\n".join(lines) if len(lines) > 2 else ""


def _lists(found: Changes) -> str:
    told = [
        *_told("Licences", found.licences),
        *_told("Benchmarks audited against", found.benchmarks),
        *_told("Models", found.models),
        *_told("Pipeline", found.pipeline),
    ]
    return "\n".join(told)


def _told(what: str, of: Named) -> list[str]:
    lines = [f"  - added {_code(name)}" for name in of.added]
    lines += [f"  - removed {_code(name)}" for name in of.removed]
    lines += [
        f"  - {_code(name)}: {_code(was) or 'nothing'} became {_code(now) or 'nothing'}"
        for name, was, now in of.changed
    ]
    if not lines:
        return []
    left = len(lines) - _SHOWN
    if left > 0:
        lines = [*lines[:_SHOWN], f"  - and {left:,} more"]
    return [f"- {what}:", *lines]


def _number(value: int | None) -> str:
    return "none" if value is None else f"{value:,}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|") if text else "(none)"


def _code(text: str) -> str:
    if not text:
        return ""
    flat = " ".join(text.split())
    short = flat if len(flat) <= _LONGEST else flat[: _LONGEST - 3] + "..."
    fence = "``" if "`" in short else "`"
    return f"{fence} {short} {fence}" if fence == "``" else f"{fence}{short}{fence}"
