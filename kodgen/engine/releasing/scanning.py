"""Looks for keys, machine paths and addresses in everything that goes out."""

from collections.abc import Sequence
from pathlib import Path

from kodgen.engine.releasing.exported import read_rows
from kodgen.engine.releasing.stopping import Failed
from kodgen.hub.facts import Config
from kodgen.hub.private import Private, Watch

MOST = 1000
"""Places that are named of one kind; all are counted."""
WAYS = {
    "e-mail address": "leave the rows out (`release.leave_out`), or name domains that are invented "
    "in `release.accepted_domains`",
    "path of a home folder": "leave the rows out (`release.leave_out`)",
    "path of this machine": "leave the rows out (`release.leave_out`); in a file, give paths "
    "relative to the pipeline file",
}
KEY = "take it back where it was issued, then leave the rows out (`release.leave_out`)"
TEXT = frozenset({".md", ".json", ".jsonl", ".yaml", ".txt", ".cff", ".html", ".j2", ".py", ""})


class Scan:
    """What was found so far."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._found: dict[str, list[str]] = {}
        self._counts: dict[str, int] = {}

    def rows(self, folder: Path, configs: Sequence[Config]) -> None:
        """Look at every text of every row; one of each kind is told of a row."""
        for config in configs:
            for row in read_rows(folder, config):
                told: set[str] = set()
                for way, text in row.texts():
                    for one in self._watch.look(text):
                        if one.kind not in told:
                            self._note(one, f"{row.id} ({row.place}, {way}): {one.shown}")
                        told.add(one.kind)

    def files(self, folder: Path, configs: Sequence[Config]) -> None:
        """Look at every other file that is text, line by line, and at tables of evidence."""
        rows = {file for config in configs for split in config.splits for file in split.files}
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and name not in rows:
                if path.suffix == ".parquet":
                    self._table(path, name)
                elif path.suffix in TEXT:
                    self._text(path, name)

    def failed(self) -> list[Failed]:
        """By kind, keys first."""
        return [
            Failed(
                f"no {kind}" if kind not in WAYS else f"no {kind} in any text",
                f"{kind} found; {WAYS.get(kind, KEY)}",
                tuple(places),
                self._counts[kind],
            )
            for kind, places in sorted(self._found.items(), key=lambda item: item[0] in WAYS)
        ]

    def _table(self, path: Path, name: str) -> None:
        import pyarrow.parquet as pq

        number = 0
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches():
                for values in batch.to_pylist():
                    number += 1
                    for column, value in values.items():
                        for one in self._watch.look(value) if isinstance(value, str) else ():
                            self._note(one, f"{name}, row {number}, {column}: {one.shown}")

    def _text(self, path: Path, name: str) -> None:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                for one in self._watch.look(line):
                    self._note(one, f"{name}:{number}: {one.shown}")

    def _note(self, one: Private, place: str) -> None:
        self._counts[one.kind] = self._counts.get(one.kind, 0) + 1
        places = self._found.setdefault(one.kind, [])
        if len(places) < MOST:
            places.append(place)
