"""The datasheet of a release, filled in from what the run's files say.

Its headings are those of Gebru et al., "Datasheets for Datasets" (2021).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from kodgen.hub.facts import Facts, StageCount
from kodgen.hub.telling import cell, counts, number, table

ROLES = {
    "questions": "wrote questions",
    "solutions": "wrote solutions and tests",
    "restyled": "made completion tasks",
    "answers": "answered in full",
    "annotations": "tagged questions",
}


def datasheet(facts: Facts) -> Iterator[str]:
    """Its lines."""
    yield from ("## Motivation", "", facts.says.motivation.strip(), "")
    yield from _composition(facts)
    yield from _collection(facts)
    yield from _preprocessing(facts)
    yield from _verification(facts)
    yield from _contamination(facts)
    yield from _uses()
    yield from _distribution(facts)
    yield from _maintenance(facts)


def _composition(facts: Facts) -> Iterator[str]:
    yield from ("## Composition", "")
    yield (
        "A row is a task statement with a solution, tests, and how often attempts at it passed. "
        "All text was written by language models, or given by the sources named below."
    )
    yield ""
    yield f"- Subsets: {counts(facts.subsets)}."
    yield f"- Difficulty, by the share of attempts that passed: {counts(facts.difficulties)}."
    yield f"- Style: {counts(facts.styles)}."
    if facts.left_out:
        yield f"- Left out by the owner: the rows of {number(facts.left_out)} questions."
    yield (
        "- Nothing is known to be missing from a row, except where a column is null because a "
        "stage that measures it was not part of the pipeline."
    )
    yield (
        "- Errors: tests were written by a model together with the solution, so both may share a "
        "misunderstanding of the task."
    )
    yield (
        "- People: rows were searched for keys, home folders and e-mail addresses; any found stop "
        "a release. Names in tasks are invented, as far as the models invented them."
    )
    yield ""


def _collection(facts: Facts) -> Iterator[str]:
    yield from ("## Collection process", "")
    if facts.sources:
        yield from table(
            ["seed source", "seeds", "licences", "where"],
            (
                [one.name, number(one.seeds), counts(one.licenses), one.url or "not published"]
                for one in facts.sources
            ),
        )
    else:
        yield from ("No seeds: models wrote questions from a fixed beginning.", "")
    rows = [
        [f"`{cell(model)}`", ROLES.get(role, role), number(count)]
        for role, of_it in facts.models.items()
        for model, count in sorted(of_it.items())
    ]
    yield from table(["model", "what it did", "rows"], rows)
    sampling = list(_sampling(facts.pipeline))
    if sampling:
        yield from table(["stage", "sampling"], sampling)
    prompts = facts.pipeline.get("prompts") or {}
    if prompts:
        told = ", ".join(f"{name} `{version}`" for name, version in sorted(prompts.items()))
        yield f"Prompt templates by content hash: {told}; their text is in `provenance/prompts/`."
        yield ""
    made = facts.kodgen.get("version", "")
    commit = facts.kodgen.get("commit")
    yield (
        f"Made by kodgen {made}{f' (commit `{commit}`)' if commit else ''}, seed "
        f"{facts.pipeline.get('seed', 0)}; `provenance/pipeline.yaml` is the whole pipeline."
    )
    yield ""


def _sampling(pipeline: Mapping[str, Any]) -> Iterator[list[str]]:
    for stage, section in pipeline.items():
        if isinstance(section, dict) and isinstance(section.get("sampling"), dict):
            values = section["sampling"]
            yield [stage, ", ".join(f"{name} {value}" for name, value in values.items() if value)]


def _preprocessing(facts: Facts) -> Iterator[str]:
    yield from ("## Preprocessing, cleaning, labelling", "")
    yield from table(
        ["stage", "rows in", "kept", "rejected, by reason"],
        (
            [one.stage, number(one.rows_in), number(one.kept), counts(one.rejected)]
            for one in facts.stages
        ),
    )
    stage = _stage(facts, "deduplicate")
    section = facts.pipeline.get("deduplicate") or {}
    if stage is not None:
        threshold = stage.facts.get("threshold", section.get("threshold"))
        yield (
            f"Near-duplicates: of questions at a cosine of {threshold} or more "
            f"(`{section.get('embedder', 'hashing')}`), the best one stays; "
            f"{number(sum(stage.rejected.values()))} were dropped."
        )
        yield ""


def _verification(facts: Facts) -> Iterator[str]:
    yield from ("### Verification", "")
    yield f"- Isolation that solutions and tests ran in: {counts(facts.isolation)}."
    solve = _stage(facts, "solve")
    if solve is not None and solve.attempts:
        yield f"- Attempts by outcome: {counts(solve.attempts)}."
    if facts.coverage is not None:
        yield f"- Mean statement coverage of solutions by tests: {facts.coverage:.1f} %."
    for name, what in (
        ("crosscheck", "compared with all other attempts at their question (`consensus`)"),
        ("strength", "tried with faults put into the solution (`test_strength`)"),
    ):
        if facts.measures.get(name):
            yield f"- {number(facts.measures[name])} rows were {what}."
    yield ""


def _contamination(facts: Facts) -> Iterator[str]:
    yield from ("### Contamination", "")
    audited = facts.audited
    yield (
        f"Every text of these files ({number(audited.texts)} distinct ones) was compared with "
        f"benchmarks by the layers {', '.join(audited.layers)}; none holds text of a task, "
        f"{number(audited.review)} may be looked at (`audit/rows.parquet`)."
    )
    if audited.by_chance:
        yield (
            f"{number(audited.by_chance)} attempts do by chance what some task asks; they are "
            "counted as contaminated below."
        )
    yield ""
    yield from table(
        ["benchmark", "tasks", "contaminated texts", "texts to review"],
        (
            [one.name, number(one.tasks), number(one.contaminated), number(one.review)]
            for one in audited.benchmarks
        ),
    )
    for layer, why in audited.not_run.items():
        yield f"- Layer not run: {layer} ({why})."
    if audited.not_run:
        yield ""


def _uses() -> Iterator[str]:
    yield from (
        "## Uses",
        "",
        (
            "For supervised fine-tuning and reinforcement learning of models that write Python. "
            "Not for evaluation: tasks are of the kind of public benchmarks, though not theirs. "
            "Run solutions and tests in a sandbox; they are programs that a model wrote."
        ),
        "",
    )


def _distribution(facts: Facts) -> Iterator[str]:
    yield from ("## Distribution", "")
    yield f"Licence: {facts.license.id}, {facts.license.why}."
    yield f"Rows by the licences of their seeds: {counts(facts.license.by_rows)}."
    yield ""
    for name, reason in sorted(facts.says.accepted_licenses.items()):
        if facts.license.by_rows.get(name):
            yield f"- Rows whose seeds are `{name}` go out because: {cell(reason)}"
    yield "Terms of the models behind these rows:"
    yield ""
    yield from (f"- `{name}`: {cell(line)}" for name, line in facts.terms.items())
    yield ""


def _maintenance(facts: Facts) -> Iterator[str]:
    yield from (
        "## Maintenance",
        "",
        (
            f"Maintained by {cell(facts.maintainer)}. Mistakes, errata and requests for removal: "
            f"{facts.contact}. Versions are tags (`vX.Y.Z`) and stay as they are; "
            "`provenance/ids.parquet` tells which rows changed between two of them."
        ),
        "",
    )


def _stage(facts: Facts, name: str) -> StageCount | None:
    return next((one for one in facts.stages if one.stage == name), None)
