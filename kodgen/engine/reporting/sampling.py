"""The rows that a report shows in full: of every kind some, by lot, as many as fit."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kodgen.engine.reporting.attempting import parsed
from kodgen.engine.reporting.choosing import Lots, Place
from kodgen.engine.reporting.files import numbers_of, rows, rows_at
from kodgen.engine.reporting.stages import Stage, subset_of
from kodgen.report.run.samples import rejected_sample, verified_sample
from kodgen.report.run.values import Sample

MOST = 1200
"""Rows: more than anybody reads, and a list that a browser still filters at once."""
MOST_BYTES = 8_000_000
"""Of the rows on the page: with figures and tables it stays well below 15 MB."""
OF_A_KIND = 60

Rows = Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Origins:
    """Stages that a sample's life is read from; None where the run has none."""

    seeds: Stage | None
    duplicates: Counter[str]
    solve: Stage | None


def choose(
    verified: Stage | None, stages: Sequence[Stage], seed: int, first: Iterable[Place] = ()
) -> tuple[list[Place], int]:
    """Places of rows to show, those asked for `first`, and how many rows there are in all.

    Kinds are subset, difficulty and style of verified rows; stage, reason and subset of the others.

    Raises:
        RunDirectoryError: A file is missing or broken.
    """
    lots = Lots(seed, OF_A_KIND)
    total = 0
    if verified is not None:
        columns = ["id", "subset", "difficulty", "style"]
        for number, row in enumerate(rows(verified.kept, columns)):
            of_it = (row["subset"], row["difficulty"], row["style"])
            lots.add(("", *of_it), Place(verified.name, True, number, row["id"]))
            total += 1
    for stage in stages:
        for number, row in enumerate(rows(stage.rejected, ["id", "reason"])):
            kind = (stage.name, row["reason"], subset_of(row["id"]))
            lots.add(kind, Place(stage.name, False, number, row["id"]))
            total += 1
    chosen = dict.fromkeys(first)
    for place in lots.drawn():
        if len(chosen) >= MOST:
            break
        chosen.setdefault(place)
    return list(chosen), total


def samples(
    places: Sequence[Place],
    stages: Mapping[str, Stage],
    origins: Origins,
    most_bytes: int = MOST_BYTES,
) -> list[Sample]:
    """The rows at some places, in that order, until they take as many bytes as there may be.

    Raises:
        RunDirectoryError: A file is missing or broken.
    """
    found = _rows_of(places, stages)
    asked = {question_of(place.id) for place in places}
    trials = _trials(origins.solve, asked)
    seeds = _seeds(origins.seeds, asked)
    told: list[Sample] = []
    left = most_bytes
    for place in places:
        row = found[place]
        question = question_of(place.id)
        its_trials, its_seeds = trials.get(question, []), seeds.get(question, [])
        if place.kept:
            stands_for = origins.duplicates[question]
            more = [("Dropped for it", f"{stands_for} duplicates")] if stands_for else []
            one = verified_sample(row, its_trials, its_seeds, more)
        else:
            mine = its_trials if origins.solve and place.stage == origins.solve.name else []
            one = rejected_sample(row, parsed(row["row"]), mine, its_seeds, subset_of(place.id))
        left -= len(json.dumps(one.shown))
        if left < 0:
            break
        told.append(one)
    return told


def question_of(row_id: str) -> str:
    """The id of the question that a row came of, read off the row's own id.

    An id is `question:<subset>/<method>/<hash>/<sample>`, and more for what comes of the question.
    """
    return "/".join(row_id.split("/")[:4]).removesuffix("_C")


def _rows_of(places: Sequence[Place], stages: Mapping[str, Stage]) -> dict[Place, Any]:
    files: dict[tuple[str, bool], list[Place]] = {}
    for place in places:
        files.setdefault((place.stage, place.kept), []).append(place)
    found: dict[Place, Any] = {}
    for (name, kept), here in files.items():
        path = stages[name].kept if kept else stages[name].rejected
        by_number = rows_at(path, [place.number for place in here])
        found.update({place: by_number[place.number] for place in here})
    return found


def _trials(solve: Stage | None, asked: set[str]) -> dict[str, list[dict[str, Any]]]:
    """Attempts at each question, with what was observed where anything was."""
    if solve is None or solve.trials is None:
        return {}
    numbers = numbers_of(solve.trials, "question_id", asked)
    whole = rows_at(solve.trials, [one for found in numbers.values() for one in found])
    observed = {}
    if solve.observations is not None:
        ids = {row["id"] for row in whole.values()}
        places = numbers_of(solve.observations, "id", ids)
        seen = rows_at(solve.observations, [found[0] for found in places.values()])
        observed = {row["id"]: row for row in seen.values()}
    for row in whole.values():
        row["verdict"]["observed"] = row["observed"] = observed.get(row["id"])
    return {question: [whole[one] for one in found] for question, found in numbers.items()}


def _seeds(stage: Stage | None, asked: set[str]) -> dict[str, list[dict[str, Any]]]:
    if stage is None:
        return {}
    numbers = {number: one for one, [number, *_] in numbers_of(stage.kept, "id", asked).items()}
    return {numbers[n]: row["seeds"] for n, row in rows_at(stage.kept, numbers).items()}
