"""The recorded corpora as if they were a run: real stages where rows alone decide, recorded
verdicts where a model or a sandbox would have to be asked."""

import json
from itertools import groupby
from pathlib import Path

from kodgen.config import Benchmark, Decontaminate, Deduplicate
from kodgen.contamination.benchmarks.loading import load_benchmark
from kodgen.parse.imports import with_solution_imports
from kodgen.records import (
    Draw,
    Question,
    Response,
    Seed,
    TestResult,
    Trial,
    Triplet,
    Verdict,
    completed_id,
    question_id,
    response_id,
    seed_id,
    trial_id,
)
from kodgen.stages.attempts import chosen_trial, difficulty
from kodgen.stages.base import Outcome, reject
from kodgen.stages.decontaminate import DecontaminateStage
from kodgen.stages.deduplicate import DeduplicateStage
from tests.engine.reporting.synthetic import described, write_run

SHARED = Path(__file__).resolve().parents[3] / ".." / "shared"
SUBSETS = {"algorithm": ("Algorithm", "snippet"), "leetcode": ("Leetcode", "assessment")}
BENCHMARKS = {
    "humaneval": SHARED / "benchmarks" / "humaneval" / "HumanEval.jsonl.gz",
}
OUTCOMES = {
    "Pass": ("passed", ""),
    "Fail": ("failed", "assertion"),
    "Fail - Timed Out": ("timeout", "wall"),
    None: ("error", "no_solution_found"),
}
TEACHER, REASONER, PROMPT = "Qwen2.5-Coder", "DeepSeek-R1", "0123456789ab"


def _lines(folder, name):
    with (SHARED / "recorded" / folder / f"{name}.jsonl").open() as file:
        return [json.loads(line) for line in file]


def _verdict(row):
    outcome, reason = OUTCOMES[row["upstream_verdict"]]
    heads = [line for line in (row["test"] or "").splitlines() if line.startswith("def test")]
    said = "passed" if outcome == "passed" else "failed"
    return Verdict(
        outcome=outcome,
        reason=reason,
        tests=tuple(TestResult(name=one[4:].split("(")[0], outcome=said) for one in heads),
        coverage=row["upstream_coverage"],
        isolation="container",
    )


class RecordedRun:
    """Both corpora, one subset each."""

    def __init__(self):
        self._draws, self._questions, self._trials = [], {}, {}
        for folder, (subset, method) in SUBSETS.items():
            self._take_in(folder, subset, method)

    def _take_in(self, folder, subset, method):
        asked = {}
        for row in _lines(folder, "questions"):
            text = f"{row['prompt']}"
            seed = Seed(
                id=seed_id(folder, method, text),
                source=folder,
                kind=method,
                text=text,
                license="unknown",
                origin=f"questions.jsonl: {row['prompt_id']}",
            )
            one = question_id(subset, method, [seed.id], 0)
            draw = Draw(id=one, subset=subset, method=method, sample=0, seeds=(seed,))
            self._draws.append(draw)
            asked[row["prompt_id"]] = draw
        trials = sorted(_lines(folder, "trials"), key=lambda row: row["prompt_id"])
        for prompt, group in groupby(trials, key=lambda row: row["prompt_id"]):
            rows = sorted(group, key=lambda row: row["trial"])
            draw = asked[prompt]
            self._questions[draw.id] = Question(
                id=draw.id,
                subset=subset,
                text=rows[0]["question"],
                seed_ids=(draw.seeds[0].id,),
                licenses=("unknown",),
                method=method,
                model=TEACHER,
                prompt_version=PROMPT,
            )
            self._trials[draw.id] = tuple(self._trial(draw.id, row) for row in rows)
        self._answers = getattr(self, "_answers", {})
        names = {f"{subset}_{prompt}": draw.id for prompt, draw in asked.items()}
        for row in _lines(folder, "reasoning"):
            question = names[row["question_id"].rpartition("_")[0]]
            self._answers.setdefault(question, []).append(row)

    @staticmethod
    def _trial(question, row):
        solution, test = row["solution"], row["test"]
        if solution is not None and test is not None:
            test = with_solution_imports(solution, test)
        return Trial(
            id=trial_id(question, row["trial"]),
            question_id=question,
            attempt=row["trial"],
            solution=solution,
            test=test,
            completion_id=f"solve/{question}/{row['trial']}",
            model=TEACHER,
            prompt_version=PROMPT,
            prompt_tokens=None,
            completion_tokens=None,
            verdict=_verdict(row),
        )

    def write(self, folder):
        deduplicated = DeduplicateStage(Deduplicate()).process(list(self._questions.values()))
        tasks = [
            task
            for name, path in BENCHMARKS.items()
            for task in load_benchmark(Benchmark(name=name, path=path), Path())
        ]
        clean = DecontaminateStage(Decontaminate(), tasks).process(deduplicated.kept)
        solved = [self._solved(question) for question in clean.kept]
        restyled = [self._restyled(row) for outcome in solved for row in outcome.kept]
        triplets = [row for outcome in restyled for row in outcome.kept]
        steps = [
            ("seeds", Draw, lambda: [Outcome(kept=tuple(self._draws))]),
            ("synthesize", Question, lambda: map(self._written, self._draws)),
            ("deduplicate", Question, lambda: [deduplicated]),
            ("decontaminate", Question, lambda: [clean]),
            ("solve", Triplet, lambda: solved),
            ("restyle", Triplet, lambda: restyled),
            ("respond", Response, lambda: map(self._responded, triplets)),
        ]
        names = [name for name, _ in SUBSETS.values()]
        pipeline = described(names, 3, BENCHMARKS, "recorded")
        return write_run(folder, pipeline, steps, len(self._draws))

    def _written(self, draw):
        if draw.id in self._questions:
            return Outcome(kept=(self._questions[draw.id],))
        return Outcome(rejected=(reject("synthesize", draw, "no_question_found", "no marker"),))

    def _solved(self, question):
        trials = self._trials[question.id]
        chosen = chosen_trial(trials)
        if chosen is None:
            why = f"{len(trials)} attempts, none passed"
            turned = reject("solve", question, "never_passed", why)
            return Outcome(rejected=(turned,), trials=trials)
        sequence = tuple(int(trial.verdict.passed) for trial in trials)
        row = Triplet(
            id=question.id,
            question_id=question.id,
            subset=question.subset,
            style="instruct",
            question=question.text,
            solution=chosen.solution,
            test=chosen.test,
            test_info=(),
            chosen_trial=chosen.id,
            pass_sequence=sequence,
            difficulty=difficulty(sum(sequence), len(sequence)),
            coverage=chosen.verdict.coverage,
            isolation="container",
            flags=(),
            seed_ids=question.seed_ids,
            licenses=question.licenses,
            method=question.method,
            question_model=TEACHER,
            question_prompt_version=PROMPT,
            solution_model=TEACHER,
            solution_prompt_version=PROMPT,
            benchmark_similarity=question.benchmark_similarity,
            benchmark_task_id=question.benchmark_task_id,
        )
        return Outcome(kept=(row,), trials=trials)

    def _restyled(self, triplet):
        answers = self._answers.get(triplet.question_id, ())
        texts = [row["question"] for row in answers if row["question_id"].endswith("_C")]
        if not texts:
            return Outcome(kept=(triplet,))
        of_it = {"id": completed_id(triplet.id), "style": "complete", "question": texts[0]}
        return Outcome(kept=(triplet, triplet.model_copy(update=of_it)))

    def _responded(self, triplet):
        kept, rejected = [], []
        for number, row in enumerate(self._answers.get(triplet.question_id, ())):
            if row["question_id"].endswith("_C") != (triplet.style == "complete"):
                continue
            reasoning, _, answer = row["response"].partition("</think>")
            made = Response(
                id=response_id(triplet.id, number),
                triplet_id=triplet.id,
                question_id=triplet.question_id,
                subset=triplet.subset,
                style=triplet.style,
                attempt=number,
                reasoning=reasoning.removeprefix("<think>"),
                answer=answer,
                code=row["solution"],
                completion_id=f"respond/{triplet.id}/{number}",
                model=REASONER,
                prompt_version=PROMPT,
                prompt_tokens=None,
                completion_tokens=None,
                verdict=_verdict(row),
            )
            if made.verdict.passed:
                kept.append(made)
            else:
                why = "its code does not pass the tests"
                rejected.append(reject("respond", made, "wrong_answer", why))
        return Outcome(kept=tuple(kept), rejected=tuple(rejected))
