"""Datasets of the Hugging Face Hub as tables, streamed row by row."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kodgen.errors import InputError
from kodgen.tables.row import Row, Rows, nearest

PREFIX = "hf:"
SYNTAX = "hf:ORG/NAME[@REVISION][:[CONFIG][/SPLIT]]"
_NAME = re.compile(
    r"hf:(?P<repo>[^@:]+)(@(?P<revision>[^:]+))?(:(?P<config>[^/]*)(/(?P<split>.+))?)?"
)


@dataclass(frozen=True, slots=True)
class HubName:
    """A dataset as `SYNTAX` writes it; what was left out is None."""

    repo: str
    revision: str | None = None
    config: str | None = None
    split: str | None = None


def parse_hub_name(name: str) -> HubName:
    """Read `hf:openai/gsm8k@main:socratic/test`, or less of it.

    `datasets` opens a local folder by its path too, so `hf:./folder` works as well.

    Raises:
        InputError: It is not written so.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise InputError(
            f"{name}: not the name of a Hub dataset; write {SYNTAX}, such as "
            "hf:openai/gsm8k:main/test"
        )
    return HubName(
        repo=match["repo"],
        revision=match["revision"],
        config=match["config"] or None,
        split=match["split"],
    )


class HubTable:
    """One split of a dataset that `datasets` opens, never downloaded whole.

    Raises:
        InputError: The name is not written as `SYNTAX` says, there is no such dataset, config or
            split, or it can't be reached.
    """

    def __init__(self, name: str) -> None:
        import datasets

        self.name = name
        hub = parse_hub_name(name)
        with self._explained("opened"):
            builder = datasets.load_dataset_builder(
                hub.repo, name=hub.config, revision=hub.revision
            )
            splits = builder.as_streaming_dataset()
        self._split = self._choose(hub, list(splits))
        self._rows: Any = splits[self._split]
        self._total = _number_of_rows(builder, self._split)
        # The commit of a Hub dataset; of a local folder, a hash over its files' names and times.
        self._version = str(builder.hash)

    def rows(self, columns: tuple[str, ...], optional: tuple[str, ...] = ()) -> Rows:
        """Stream the rows, only the columns named where the dataset says that it has `columns`.

        Raises:
            InputError: The connection broke, or a file of the dataset is damaged.
        """
        rows, known = self._rows, self._rows.column_names
        if columns and known is not None and set(columns) <= set(known):
            rows = rows.select_columns(
                [name for name in known if name in columns or name in optional]
            )
        with self._explained("read further"):
            for number, values in enumerate(rows, start=1):
                yield Row(f"row {number}", values)

    def count(self) -> int | None:
        """Number of rows; None where the Hub does not say."""
        return self._total

    def identity(self) -> dict[str, str]:
        """What tells this content from any other: its commit, and the split."""
        return {"version": self._version, "split": self._split}

    def _choose(self, hub: HubName, splits: list[str]) -> str:
        if hub.split is None and len(splits) == 1:
            return splits[0]
        example = f"{self.name.rstrip(':')}{'/' if hub.config else ':/'}{splits[0]}"
        if hub.split is None:
            raise InputError(
                f"{self.name}: has the splits {', '.join(splits)}; name one, such as {example}"
            )
        if hub.split not in splits:
            raise InputError(
                f"{self.name}: has no split {hub.split!r}, but {', '.join(splits)}"
                + nearest(hub.split, splits)
            )
        return hub.split

    @contextmanager
    def _explained(self, what: str) -> Iterator[None]:
        try:
            yield
        except InputError:
            raise
        except Exception as error:
            # `datasets` raises many kinds, none of them ours.
            said = str(error).strip().split("\n", 1)[0]
            raise InputError(
                f"{self.name}: can't be {what} ({type(error).__name__}: {said}); check the name "
                f"({SYNTAX}) and that this machine reaches the Hub, `hf auth login` for a private "
                "dataset, or download its files and give their folder"
            ) from error


def _number_of_rows(builder: Any, split: str) -> int | None:
    told = (builder.info.splits or {}).get(split)
    number = told.num_examples if told is not None else None
    return number or None
