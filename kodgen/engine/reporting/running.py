"""A run's report: read from its directory, written as one file."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kodgen.engine.reporting.answering import read_answers, read_pairs
from kodgen.engine.reporting.attempting import Attempts, read_attempts
from kodgen.engine.reporting.choosing import Place
from kodgen.engine.reporting.duplicates import dropped_for, read_duplicates
from kodgen.engine.reporting.files import numbers_of, rows
from kodgen.engine.reporting.leaking import read_leaks
from kodgen.engine.reporting.mapping import map_questions
from kodgen.engine.reporting.measuring import measure
from kodgen.engine.reporting.sampling import Origins, choose, samples
from kodgen.engine.reporting.stages import Stage, facts, sealed_stages
from kodgen.engine.store.files import explained, write_whole
from kodgen.engine.store.rundir import pipeline_record, read_pipeline_record
from kodgen.report.run.page import render
from kodgen.report.run.values import RunValues, Spent, StageFacts

QUESTIONS = ("synthesize", "deduplicate", "decontaminate", "annotate")
"""Stages that keep questions."""
TRIPLETS = ("solve", "crosscheck", "mutate", "restyle", "recheck", "select")
"""Stages that keep verified rows."""


def default_output(run: Path) -> Path:
    """Where a run's report lies."""
    return run / "report" / "index.html"


def write_report(run: Path, output: Path) -> RunValues:
    """Read the run, write the page, and say what it shows.

    Raises:
        RunDirectoryError: This is no run directory, its files are broken, or the page can't be
            written.
    """
    values = read_run(run)
    with explained(output):
        output.parent.mkdir(parents=True, exist_ok=True)
    write_whole(output, render(values))
    return values


def read_run(run: Path) -> RunValues:
    """All that a report shows of a run, be it finished or not.

    Raises:
        RunDirectoryError: This is no run directory, or its files are broken.
    """
    stages, left = sealed_stages(run)
    by_name = {stage.name: stage for stage in stages}
    pipeline = read_pipeline_record(run)
    told = tuple(facts(stage) for stage in stages)
    seed = pipeline.get("seed", 0)
    verified = _latest(by_name, TRIPLETS)
    solve = by_name.get("solve")
    made = read_attempts(solve) if solve is not None and solve.trials is not None else None
    deduplicate = by_name.get("deduplicate")
    slowest, failing = made.extremes(solve) if made and solve else ((), ())
    lengths, quality = measure(verified, made.tokens if made else {}) if verified else ({}, {})
    duplicates = read_duplicates(deduplicate) if deduplicate else None
    linked = [one.id for one in (*slowest, *failing)]
    linked += [one.kept for one in duplicates.largest] if duplicates else []
    first = _places(made, solve, verified, linked)
    places, every = choose(verified, stages, seed, first)
    origins = Origins(
        by_name.get("seeds"),
        dropped_for(deduplicate) if deduplicate else Counter(),
        solve,
    )
    questions = _latest(by_name, QUESTIONS)
    return RunValues(
        name=str(pipeline.get("name", run.name)),
        about=_about(run, pipeline),
        pipeline=pipeline_record(run).read_text(encoding="utf-8"),
        notes=tuple(f"{folder}: not finished, so it is left out" for folder in left),
        stages=told,
        final=verified.name if verified else "",
        subsets=_subsets(pipeline, told),
        attempts=made.by_subset(_certain(pipeline)) if made else {},
        difficulty=_difficulty(told, solve),
        lengths=lengths,
        spent=made.spent() if made else Spent({}, {}),
        outcomes=made.outcomes if made else {},
        quality=quality,
        leaks=read_leaks(stages, pipeline),
        map=map_questions(questions, seed) if questions else None,
        duplicates=duplicates,
        slowest=slowest,
        failing=failing,
        answers=read_answers(by_name["respond"]) if "respond" in by_name else {},
        pairs=read_pairs(by_name["prefer"]) if "prefer" in by_name else {},
        samples=tuple(samples(places, by_name, origins)),
        rows=every,
    )


def _latest(by_name: Mapping[str, Stage], names: Sequence[str]) -> Stage | None:
    return next((by_name[name] for name in reversed(names) if name in by_name), None)


def _subsets(pipeline: Mapping[str, Any], stages: Sequence[StageFacts]) -> tuple[str, ...]:
    """Those of the pipeline, in its order, then any others that rows have."""
    named = [str(one["name"]) for one in pipeline.get("subsets") or ()]
    others = {name for stage in stages for name in stage.kept_by if name}
    return tuple(dict.fromkeys([*named, *sorted(others)]))


def _certain(pipeline: Mapping[str, Any]) -> dict[str, int]:
    """Attempts that every question of a subset gets."""
    probe = (pipeline.get("solve") or {}).get("probe")
    own = {
        str(one["name"]): (one.get("budget") or {}).get("probe") or probe
        for one in pipeline.get("subsets") or ()
    }
    return {name: value for name, value in own.items() if isinstance(value, int)}


def _about(run: Path, pipeline: Mapping[str, Any]) -> dict[str, Any]:
    import yaml

    record = yaml.safe_load(pipeline_record(run).read_text(encoding="utf-8"))
    sections = [pipeline.get(key) for key in ("synthesize", "solve", "restyle", "respond")]
    models = [(pipeline.get("llm") or {}).get("model")]
    models += [((one or {}).get("llm") or {}).get("model") for one in sections]
    return {
        **{f"kodgen {key}": value for key, value in record["kodgen"].items()},
        "seed": str(pipeline.get("seed", "")),
        "models": [name for name in dict.fromkeys(models) if name],
        "prompts": pipeline.get("prompts") or {},
    }


def _difficulty(told: Sequence[StageFacts], solve: Stage | None) -> dict[str, Counter[str]]:
    if solve is None:
        return {}
    found: dict[str, Counter[str]] = {}
    for row in rows(solve.kept, ["subset", "difficulty"]):
        found.setdefault(row["subset"], Counter())[row["difficulty"]] += 1
    (about,) = [one for one in told if one.name == solve.name]
    for reason, by_subset in about.rejected_by.items():
        for subset, count in by_subset.items():
            found.setdefault(subset, Counter())[reason] += count
    return found


def _places(
    made: Attempts | None, solve: Stage | None, verified: Stage | None, ids: Sequence[str]
) -> list[Place]:
    """Where rows of questions stand: as they are in the end, or where they were rejected."""
    if made is None or solve is None or verified is None:
        return []
    final = numbers_of(verified.kept, "id", set(ids))
    found = []
    for one in dict.fromkeys(ids):
        if one in final:
            found.append(Place(verified.name, True, final[one][0], one))
        elif one in made.rejected:
            found.append(Place(solve.name, False, made.rejected[one][0], one))
    return found
