"""The columns of KodCode-V1's current card, names and types, and some of our own beside them.

`gpt_*` keep their names though any model may have written the attempts; `trials` is a struct with
one field per attempt, null where a question had fewer, as on the card. KodCode's `metadata` differs
by subset, so it is a JSON string here.
"""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kodgen.formats.base import Format
from kodgen.records import Trial, Triplet

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = "kodgen-v1"


def _schema(most_attempts: int) -> "pa.Schema":
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
            ("trials", pa.struct([(f"trial_{n}", trial) for n in range(most_attempts)])),
            ("chosen_trial", string),
            ("metadata", string),
            ("benchmark_similarity", pa.float64()),
            ("benchmark_task_id", string),
            ("license", pa.list_(string)),
            ("coverage", pa.float64()),
            ("isolation", string),
            ("flags", pa.list_(string)),
        ]
    )


def _row(triplet: Triplet, trials: Sequence[Trial], most_attempts: int) -> dict[str, Any]:
    passed = sum(triplet.pass_sequence)
    by_attempt = {trial.attempt: trial for trial in trials}
    chosen = next(trial for trial in trials if trial.id == triplet.chosen_trial)
    return {
        "version": VERSION,
        "style": triplet.style,
        "subset": triplet.subset,
        "question_id": triplet.id,
        "question": triplet.question,
        "solution": triplet.solution,
        "test": triplet.test,
        "test_info": [info.model_dump() for info in triplet.test_info] or None,
        "gpt_pass_sequence": list(triplet.pass_sequence),
        "gpt_pass_trial_num": passed,
        "gpt_difficulty": triplet.difficulty,
        "gpt_pass_percentage": passed / len(triplet.pass_sequence),
        "trials": {
            f"trial_{n}": _trial(by_attempt[n]) if n in by_attempt else None
            for n in range(most_attempts)
        },
        "chosen_trial": f"trial_{chosen.attempt}",
        "metadata": json.dumps(
            {
                "seed_ids": list(triplet.seed_ids),
                "method": triplet.method,
                "question_model": triplet.question_model,
                "question_prompt_version": triplet.question_prompt_version,
                "solution_model": triplet.solution_model,
                "solution_prompt_version": triplet.solution_prompt_version,
            },
            sort_keys=True,
        ),
        "benchmark_similarity": triplet.benchmark_similarity,
        "benchmark_task_id": triplet.benchmark_task_id,
        "license": list(triplet.licenses),
        "coverage": triplet.coverage,
        "isolation": triplet.isolation,
        "flags": list(triplet.flags),
    }


def _trial(trial: Trial) -> dict[str, Any]:
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
    schema=_schema,
    row=_row,
)
