"""A row of any stage as a page shows it: facts, texts, and what became of its attempts."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kodgen.report.run.values import Sample
from kodgen.report.telling import count, percent, readable, score

TEXT = 6000
"""Characters of a text that are shown."""
SHORT = 1500
"""Of a seed, of a model's reasoning."""
TITLE = 110
MOST_TESTS = 40
MOST_MUTANTS = 8

Facts = list[tuple[str, str]]
Row = Mapping[str, Any]


def verified_sample(row: Row, trials: Sequence[Row], seeds: Sequence[Row], more: Facts) -> Sample:
    """A verified row.

    Args:
        row: A triplet.
        trials: The attempts at its question, in order; with `observed` where there is one.
        seeds: What its question was written from.
        more: Facts besides.
    """
    chosen = [trial for trial in trials if trial["id"] == row["chosen_trial"]]
    facts: Facts = [
        ("Subset", row["subset"]),
        ("Difficulty", row["difficulty"]),
        ("Style", row["style"]),
        ("Attempts", _sequence(row["pass_sequence"])),
        ("Coverage", percent(row["coverage"])),
        *_scores(row),
        *more,
        *_lineage(row),
    ]
    parts = [("Question", row["question"]), ("Solution", row["solution"]), ("Tests", row["test"])]
    return Sample(
        subset=row["subset"],
        difficulty=row["difficulty"],
        outcome="verified",
        style=row["style"],
        shown=_shown(
            (row["id"], row["question"]),
            facts,
            parts,
            _seeds(seeds),
            chosen[0]["verdict"] if chosen else None,
            trials,
            _mutants(row),
        ),
    )


def rejected_sample(
    turned: Row, row: Row, trials: Sequence[Row], seeds: Sequence[Row], subset: str
) -> Sample:
    """A rejected row.

    Args:
        turned: The rejection.
        row: The rejected row; empty where it was not one.
        trials: The attempts at it, in order; empty where there were none.
        seeds: What its question was written from.
        subset: Its subset.
    """
    facts: Facts = [
        ("Rejected by", turned["stage"]),
        ("Reason", turned["reason"]),
        *([("Subset", subset)] if subset else []),
        *([("Difficulty", row["difficulty"])] if row.get("difficulty") else []),
        *_lineage(row),
    ]
    question = row.get("question") or row.get("text") or ""
    parts = [("Question", question)]
    last = trials[-1] if trials else {}
    parts += [
        ("Solution", row.get("solution") or row.get("code") or ""),
        ("Tests", row.get("test") or ""),
        ("Solution of the last attempt", last.get("solution") or ""),
        ("Tests of the last attempt", last.get("test") or ""),
        ("Reasoning", (row.get("reasoning") or "")[:SHORT]),
        ("Answer", row.get("answer") or ""),
    ]
    if not row:
        parts.append(("As it was read", turned["row"]))
    evidence = _evidence(turned["evidence"])
    verdict = row.get("verdict") or last.get("verdict")
    shown = _shown(
        (turned["id"], question or turned["evidence"]),
        facts,
        [("Evidence", evidence), *parts],
        _seeds(seeds or row.get("seeds") or ()),
        verdict,
        trials,
        (),
    )
    return Sample(
        subset=subset,
        difficulty=row.get("difficulty") or "",
        outcome=f"{turned['stage']}: {turned['reason']}",
        style=row.get("style") or "",
        shown=shown,
    )


def _shown(
    named: tuple[str, str],
    facts: Facts,
    parts: Iterable[tuple[str, str]],
    seeds: Sequence[tuple[str, str]],
    verdict: Row | None,
    trials: Sequence[Row],
    mutants: Sequence[Sequence[str]],
) -> dict[str, Any]:
    texts = [(label, _cut(text)) for label, text in (*parts, *seeds) if text]
    found: dict[str, Any] = {
        "id": readable(named[0]),
        "title": _title(named[1]),
        "facts": [(name, readable(value)) for name, value in facts],
        "texts": texts,
    }
    if verdict is not None:
        found["verdict"] = _verdict(verdict)
        found["tests"] = [
            (readable(one["name"]), one["outcome"], readable(one["error"]))
            for one in (verdict.get("tests") or ())[:MOST_TESTS]
        ]
    if trials:
        found["attempts"] = [_attempt(trial) for trial in trials]
    if mutants:
        found["mutants"] = [[readable(cell) for cell in one] for one in mutants]
    return found


def _verdict(verdict: Row) -> str:
    told = [verdict["outcome"], verdict["reason"], f"isolated by {verdict['isolation']}"]
    told += [str(flag) for flag in verdict.get("flags") or ()]
    observed = verdict.get("observed")
    if observed:
        told.append(f"{observed['wall_seconds']:.2f} s")
        if observed["message"]:
            told.append(observed["message"][:SHORT])
    return readable("; ".join(one for one in told if one))


def _attempt(trial: Row) -> tuple[str, str, str, str, str]:
    verdict = trial["verdict"]
    tokens, observed = trial["completion_tokens"], trial.get("observed")
    return (
        str(trial["attempt"]),
        verdict["outcome"],
        readable(verdict["reason"]),
        "" if tokens is None else count(tokens),
        "" if observed is None else f"{observed['wall_seconds']:.2f}",
    )


def _scores(row: Row) -> Facts:
    found: Facts = []
    if row.get("consensus") is not None:
        found.append(("Consensus", score(row["consensus"])))
    strength = row.get("strength")
    if strength is not None:
        told = score(strength["score"])
        found.append(("Mutation score", f"{told} ({strength['killed']} mutants noticed)"))
    if row.get("benchmark_similarity") is not None:
        near = f"{score(row['benchmark_similarity'])} to {row['benchmark_task_id']}"
        found.append(("Nearest benchmark task", near))
    return found


def _lineage(row: Row) -> Facts:
    named = (
        ("Method", " ".join(filter(None, (row.get("method"), row.get("variant"))))),
        ("Question by", _made(row.get("question_model"), row.get("question_prompt_version"))),
        ("Solution by", _made(row.get("solution_model"), row.get("solution_prompt_version"))),
        ("Made a completion task by", _made(row.get("restyle_model"), None)),
        ("Written by", _made(row.get("model"), row.get("prompt_version"))),
        ("Seeds", ", ".join(row.get("seed_ids") or ())),
        ("Licences", ", ".join(row.get("licenses") or ())),
        ("Flags", ", ".join(row.get("flags") or ())),
    )
    return [(name, value) for name, value in named if value]


def _made(model: str | None, prompt: str | None) -> str:
    return f"{model}, prompt {prompt}" if model and prompt and prompt != "none" else model or ""


def _sequence(passes: Sequence[int]) -> str:
    return " ".join("pass" if one else "fail" for one in passes)


def _seeds(seeds: Iterable[Row]) -> list[tuple[str, str]]:
    return [
        (f"Seed from {one['source']}, {one['origin']} ({one['license']})", one["text"][:SHORT])
        for one in seeds
    ]


def _mutants(row: Row) -> list[tuple[str, str, str, str]]:
    survived = (row.get("strength") or {}).get("survived") or ()
    return [
        (one["operator"], str(one["line"]), one["original"], one["mutated"])
        for one in survived[:MOST_MUTANTS]
    ]


def _evidence(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


def _title(text: str) -> str:
    line = " ".join(text.split())
    return readable(line if len(line) <= TITLE else line[: TITLE - 1] + "…")


def _cut(text: str) -> str:
    if len(text) > TEXT:
        text = f"{text[:TEXT]}\n[{count(len(text) - TEXT)} characters left out]"
    return readable(text)
