"""The columns of KodCode-V1's current card, names and types, and some of our own after them.

`gpt_*` keep their names though any model may have written the attempts; `trials` is a struct with
one field per attempt, null where a question had fewer, as on the card. KodCode's `metadata` differs
by subset, so it is a JSON string here.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kodgen.formats.base import About, Format, Row, Solved
from kodgen.formats.columns import row_id
from kodgen.records import Trial, Triplet

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = "kodgen-v1"


def _schema(about: About) -> "pa.Schema":
    import pyarrow as pa

    string = pa.string()
    trial = pa.struct(
        [
            ("solution_code", string),
            ("test_code", string),
            ("test_result", string),
            ("test_coverage", pa.float64()),
            ("file_source", string),
        ]
    )
    return pa.schema(
        [
            *card_columns(),
            ("trials", pa.struct([(f"trial_{n}", trial) for n in range(about.most_attempts)])),
            ("chosen_trial", string),
            ("metadata", string),
            ("benchmark_similarity", pa.float64()),
            ("benchmark_task_id", string),
            *own_columns(),
        ]
    )


def card_columns() -> list[tuple[str, Any]]:
    """The columns that the card begins with, in its order."""
    import pyarrow as pa

    string = pa.string()
    info = pa.struct(
        [
            ("docstring", string),
            ("function_declaration", string),
            ("function_name", string),
            ("parameter_list", string),
        ]
    )
    return [
        ("version", string),
        ("style", string),
        ("subset", string),
        ("question_id", string),
        ("question", string),
        ("solution", string),
        ("test", string),
        ("test_info", pa.list_(info)),
        ("gpt_pass_sequence", pa.list_(pa.int64())),
        ("gpt_pass_trial_num", pa.int64()),
        ("gpt_difficulty", string),
        ("gpt_pass_percentage", pa.float64()),
    ]


def own_columns() -> list[tuple[str, Any]]:
    """Columns that no card of KodCode has."""
    import pyarrow as pa

    string, number = pa.string(), pa.float64()
    return [
        ("base_question_id", string),
        ("license", pa.list_(string)),
        ("coverage", number),
        ("isolation", string),
        ("flags", pa.list_(string)),
        ("consensus", number),
        ("consensus_difficulty", string),
        ("solution_camps", pa.int64()),
        ("test_strength", number),
        ("mutants_killed", pa.int64()),
        ("mutants_survived", pa.int64()),
    ]


def card_cells(triplet: Triplet) -> Row:
    """A triplet in the columns that the card begins with."""
    passed = sum(triplet.pass_sequence)
    return {
        "version": VERSION,
        "style": triplet.style,
        "subset": triplet.subset,
        "question_id": row_id(triplet),
        "question": triplet.question,
        "solution": triplet.solution,
        "test": triplet.test,
        # Null, not empty, for tasks that ask for classes: so it is on the card.
        "test_info": [info.model_dump() for info in triplet.test_info] or None,
        "gpt_pass_sequence": list(triplet.pass_sequence),
        "gpt_pass_trial_num": passed,
        "gpt_difficulty": triplet.difficulty,
        "gpt_pass_percentage": passed / len(triplet.pass_sequence),
    }


def own_cells(triplet: Triplet) -> Row:
    """A triplet in the columns that no card of KodCode has."""
    checked, strength = triplet.crosscheck, triplet.strength
    return {
        "base_question_id": triplet.question_id,
        "license": list(triplet.licenses),
        "coverage": triplet.coverage,
        "isolation": triplet.isolation,
        "flags": list(triplet.flags),
        "consensus": triplet.consensus,
        "consensus_difficulty": triplet.consensus_difficulty,
        "solution_camps": None if checked is None else checked.camps,
        "test_strength": None if strength is None else strength.score,
        "mutants_killed": None if strength is None else strength.killed,
        "mutants_survived": None if strength is None else len(strength.survived),
    }


def metadata(triplet: Triplet) -> str:
    """Where a triplet comes from, as JSON."""
    about = {
        "seed_ids": list(triplet.seed_ids),
        "method": triplet.method,
        "variant": triplet.variant,
        "question_model": triplet.question_model,
        "question_prompt_version": triplet.question_prompt_version,
        "solution_model": triplet.solution_model,
        "solution_prompt_version": triplet.solution_prompt_version,
        "restyle_model": triplet.restyle_model,
        "restyle_prompt_version": triplet.restyle_prompt_version,
        "annotation": None if triplet.annotation is None else triplet.annotation.model_dump(),
    }
    return json.dumps(about, sort_keys=True, ensure_ascii=False)


def _rows(solved: Solved, about: About) -> Iterator[Row]:
    triplet = solved.triplet
    by_attempt = {trial.attempt: trial for trial in solved.trials}
    chosen = next(trial for trial in solved.trials if trial.id == triplet.chosen_trial)
    yield {
        **card_cells(triplet),
        "trials": {
            f"trial_{n}": _trial(by_attempt[n]) if n in by_attempt else None
            for n in range(about.most_attempts)
        },
        "chosen_trial": f"trial_{chosen.attempt}",
        "metadata": metadata(triplet),
        "benchmark_similarity": triplet.benchmark_similarity,
        "benchmark_task_id": triplet.benchmark_task_id,
        **own_cells(triplet),
    }


def _trial(trial: Trial) -> Row:
    reason = f" ({trial.verdict.reason})" if trial.verdict.reason else ""
    return {
        "solution_code": trial.solution,
        "test_code": trial.test,
        "test_result": f"{trial.verdict.outcome}{reason}",
        "test_coverage": trial.verdict.coverage,
        "file_source": trial.completion_id,
    }


FORMAT = Format(
    config="kodcode",
    describe="One verified question, solution and test per row, with KodCode-V1's columns.",
    source="triplets",
    schema=_schema,
    rows=_rows,
)
