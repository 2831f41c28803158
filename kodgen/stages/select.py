"""Select: which triplets go on, by difficulty, style, length and quotas."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kodgen.config import Pipeline
from kodgen.config.posttraining import Select
from kodgen.records import Triplet, content_hash
from kodgen.stages.base import Outcome, TableStage, reject
from kodgen.stages.quotas import Cell, within_quotas
from kodgen.tokens import CHARACTERS_PER_TOKEN

SUSPECT = "suspect"
"""Flag of a triplet that other attempts at its question contradict (crosscheck)."""


class SelectStage(TableStage[Triplet, Triplet]):
    """Keeps the triplets that the section asks for, in the order in which they come.

    Rows go one by one with `unwanted_difficulty`, `unwanted_style`, `question_length` or
    `suspect`. A question's length is in tokens of four characters, as without the tokenizer of
    the model to be trained there is only what its makers say of English text (see
    `kodgen.seeds.pages.sections`); code has more tokens, so bounds had better be generous.

    Quotas then count questions, and both styles of one stay or go together, with `beyond_quota`.
    Which questions fill a quota is drawn by the pipeline's seed and their ids: it depends neither
    on the order of rows nor on what a question is like. Where quotas of difficulties and of
    subsets meet, they are met as far as the questions allow.

    The facts for the manifest have `cells` (for each subset and difficulty, how many questions
    came, and how many stayed) and `shortfalls` (how many questions a quota lacks).

    Args:
        pipeline: Has a section `select`.
    """

    name = "select"
    version = 1
    consumes = Triplet
    produces = Triplet

    def __init__(self, pipeline: Pipeline) -> None:
        if pipeline.select is None:
            raise ValueError("a pipeline without a section `select` has no such stage")
        self._section = pipeline.select
        self._run_seed = pipeline.seed
        self._per_difficulty: dict[str, int] = {
            str(level): most for level, most in pipeline.select.per_difficulty.items()
        }

    def beside(self) -> int | None:
        """Nothing: it looks at its rows alone."""
        return 0

    def process(self, rows: Sequence[Triplet]) -> Outcome[Triplet]:
        """Choose; the same rows whatever their order."""
        reasons = [unwanted(row, self._section) for row in rows]
        wanted = [row for row, reason in zip(rows, reasons, strict=True) if reason is None]
        cells = _cells(wanted)
        order = sorted(cells, key=lambda question: (self._drawn(question), question))
        chosen = within_quotas(
            {question: cells[question] for question in order},
            self._section.per_subset,
            self._per_difficulty,
        )
        kept, rejected = [], []
        for row, reason in zip(rows, reasons, strict=True):
            if reason is not None:
                rejected.append(reject(self.name, row, *reason))
            elif row.question_id not in chosen:
                why = f"{row.subset}, {row.difficulty}: {self._quota_of(row)}"
                rejected.append(reject(self.name, row, "beyond_quota", why))
            else:
                kept.append(row)
        facts = {
            "cells": _counted(_cells(rows).values(), _cells(kept).values()),
            "shortfalls": self._shortfalls(_cells(kept).values()),
        }
        return Outcome(kept=tuple(kept), rejected=tuple(rejected), facts=facts)

    def _drawn(self, question: str) -> str:
        return content_hash(str(self._run_seed), self.name, question, length=32)

    def _quota_of(self, row: Triplet) -> str:
        section = self._section
        quotas = [("subset", section.per_subset.get(row.subset))]
        quotas.append(("difficulty", section.per_difficulty.get(row.difficulty)))
        said = [f"its {what} has a quota of {most}" for what, most in quotas if most is not None]
        return " and ".join(said) + ", filled by questions drawn before it"

    def _shortfalls(self, kept: Iterable[Cell]) -> dict[str, dict[str, int]]:
        subsets, levels = Counter[str](), Counter[str]()
        for subset, level in kept:
            subsets[subset] += 1
            levels[level] += 1
        return {
            "per_subset": _lacking(self._section.per_subset, subsets),
            "per_difficulty": _lacking(self._per_difficulty, levels),
        }


def unwanted(row: Triplet, section: Select) -> tuple[str, str] | None:
    """Why a row does not stay, quotas aside, as a reason code and evidence; None if it does."""
    if section.difficulty and row.difficulty not in section.difficulty:
        return "unwanted_difficulty", f"it is {row.difficulty}, not {_one_of(section.difficulty)}"
    if section.styles and row.style not in section.styles:
        return "unwanted_style", f"it is {row.style}, not {_one_of(section.styles)}"
    if section.question_tokens is not None:
        least, most = section.question_tokens
        about = len(row.question) / CHARACTERS_PER_TOKEN
        if not least <= about <= most:
            tokens = f"about {about:g} tokens"
            return "question_length", f"{tokens}, not {least} to {most}"
    if not section.suspect and SUSPECT in row.flags:
        return "suspect", "other attempts at its question contradict it"
    return None


def _one_of(names: Sequence[str]) -> str:
    return " or ".join(names)


def _cells(rows: Iterable[Triplet]) -> dict[str, Cell]:
    """Subset and difficulty of each question; both its styles have the same."""
    return {row.question_id: (row.subset, row.difficulty) for row in rows}


def _counted(came: Iterable[Cell], stayed: Iterable[Cell]) -> dict[str, dict[str, Any]]:
    before, after = Counter(came), Counter(stayed)
    counts: dict[str, dict[str, Any]] = {}
    for subset, level in sorted(before):
        cell = (subset, level)
        counts.setdefault(subset, {})[level] = {"came": before[cell], "stayed": after[cell]}
    return counts


def _lacking(quotas: Mapping[str, int], counts: Mapping[str, int]) -> dict[str, int]:
    """What each quota lacks; those that are met are left out."""
    lacks = {name: most - counts.get(name, 0) for name, most in quotas.items()}
    return {name: count for name, count in sorted(lacks.items()) if count > 0}
