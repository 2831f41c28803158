"""A run of any size that nothing was asked for: every stage, sealed by kodgen's own writers."""

import json
import random
from dataclasses import dataclass
from functools import cached_property

from kodgen.engine.store.rundir import RunDirectory
from kodgen.engine.store.sealing import Work, seal
from kodgen.records import (
    CheckedSolution,
    Crosscheck,
    Draw,
    Mutant,
    Observation,
    Pair,
    Question,
    Response,
    Seed,
    TestResult,
    TestStrength,
    Trial,
    Triplet,
    Verdict,
    completed_id,
    content_hash,
    question_id,
    response_id,
    seed_id,
    trial_id,
)
from kodgen.stages.attempts import difficulty
from kodgen.stages.base import Outcome, reject

SUBSETS = {
    "Prefill": ("prefill", 0.9),
    "Leetcode": ("assessment", 0.45),
    "Codeforces": ("assessment", 0.3),
    "Apps": ("assessment", 0.45),
    "Taco": ("assessment", 0.35),
    "Code_Contests": ("assessment", 0.3),
    "Algorithm": ("snippet", 0.55),
    "Data_Structure": ("snippet", 0.7),
    "Docs": ("documentation", 0.4),
    "Filter": ("magpie", 0.8),
    "Package": ("assessment", 0.55),
    "Evol": ("assessment", 0.6),
}
BENCHMARKS = ("HumanEval", "MBPP", "BigCodeBench", "LiveCodeBench")
MODEL, PROMPT = "some/model", "0123456789ab"
FAILURES = (
    ("failed", "assertion"),
    ("failed", "exception"),
    ("timeout", "cpu"),
    ("error", "syntax_error"),
    ("error", "no_solution_found"),
    ("crash", "signal"),
)
WORDS = [
    "list",
    "number",
    "string",
    "grid",
    "graph",
    "tree",
    "node",
    "path",
    "word",
    "sum",
    "count",
    "index",
    "window",
    "queue",
    "stack",
    "matrix",
    "prefix",
    "suffix",
    "range",
    "order",
    "value",
    "key",
    "pair",
    "edge",
    "weight",
    "cost",
    "target",
    "limit",
    "step",
    "cell",
    "row",
    "column",
    "letter",
    "digit",
    "date",
    "time",
    "route",
    "ticket",
    "harbour",
    "ship",
    "crate",
    "orchard",
    "garden",
    "river",
    "bridge",
    "lamp",
    "clock",
]
PROBE, MOST = 3, 10


@dataclass(frozen=True)
class Life:
    """What becomes of one draw of seeds."""

    number: int
    subset: str
    seed: Seed
    question: Question
    fate: str
    """`abstained`, `copy`, `leak`, `never`, `verified`."""
    twin: int
    sequence: tuple[int, ...]


class SyntheticRun:
    """Rows by their number; the same number gives the same row.

    Args:
        rows: Draws of seeds.
        hostile: Texts that end up in some questions, solutions and tests.
    """

    def __init__(self, rows: int, hostile: tuple[str, ...] = ()) -> None:
        self.rows = rows
        self._hostile = hostile

    @cached_property
    def _sentences(self):
        found = {}
        for subset in SUBSETS:
            rng = random.Random(subset)
            own = rng.sample(WORDS, 24)
            found[subset] = [
                "Given the "
                + " ".join(rng.choice(own if rng.random() < 0.8 else WORDS) for _ in range(14))
                + ", return the one that comes first."
                for _ in range(300)
            ]
        return found

    @cached_property
    def _code(self):
        rng = random.Random(7)
        solutions, tests = [], []
        for number in range(300):
            lines = "".join(
                f"    {rng.choice(WORDS)}_{line} = {rng.choice(WORDS)!r} * {rng.randrange(99)}\n"
                for line in range(rng.randrange(8, 60))
            )
            solutions.append(f"def solve_{number}(values):\n{lines}    return values\n")
            tests.append(
                "\n\n".join(
                    f"def test_{rng.choice(WORDS)}_{test}():\n"
                    f"    assert solve_{number}([{rng.randrange(99)}, 2]) == {rng.randrange(99)}\n"
                    f"    assert solve_{number}([]) == []\n"
                    for test in range(rng.randrange(2, 14))
                )
            )
        return solutions, tests

    def life(self, number: int) -> Life:
        rng = random.Random(number * 7919 + 1)
        subset = list(SUBSETS)[number % len(SUBSETS) if number % 5 else 0]
        method, ease = SUBSETS[subset]
        text = f"a snippet {number} of {subset}"
        source = Seed(
            id=seed_id("code", "snippet", text),
            source="code",
            kind="snippet",
            text=f"# {text}\n" + self._code[0][number % 300],
            license=rng.choice(("MIT", "Apache-2.0", "CC0-1.0")),
            origin=f"seeds.jsonl:{number + 1}",
        )
        fate, twin = "verified", -1
        luck = rng.random()
        if self._sure(number):
            pass
        elif luck < 0.01:
            fate = "abstained"
        elif luck < (0.3 if subset == "Prefill" else 0.13):
            # Of a question that is kept whatever its luck.
            fate, twin = "copy", next(n for n in range(number % 997, 9999) if self._sure(n))
        elif luck < 0.301 and rng.random() < 0.004:
            fate = "leak"
        sequence = self._sequence(rng, min(max(rng.gauss(ease, 0.35), 0.0), 1.0))
        if fate == "verified" and not any(sequence) and not self._sure(number):
            fate = "never"
        elif not any(sequence):
            sequence = (1,) * PROBE
        body = " ".join(rng.choices(self._sentences[subset], k=rng.randrange(2, 12)))
        if self._hostile and number % 11 == 0:
            body = f"{self._hostile[number // 11 % len(self._hostile)]} {body}"
        question = Question(
            id=question_id(subset, method, [source.id], 0),
            subset=subset,
            text=f"{body}\n\nWrite `solve_{number % 300}(values)`.",
            seed_ids=(source.id,),
            licenses=(source.license,),
            method=method,
            model=MODEL,
            prompt_version=PROMPT,
        )
        return Life(number, subset, source, question, fate, twin, sequence)

    @staticmethod
    def _sure(number):
        return number < 3 or number % 8 == 3

    @staticmethod
    def _sequence(rng, chance):
        sequence = [int(rng.random() < chance) for _ in range(PROBE)]
        while len(sequence) < MOST and 3 * sum(sequence) < 2 * len(sequence):
            sequence.append(int(rng.random() < chance))
        return tuple(sequence)

    def lives(self, *fates):
        for number in range(self.rows):
            life = self.life(number)
            if not fates or life.fate in fates:
                yield life

    def seeds(self):
        for life in self.lives():
            yield Outcome(kept=(self._draw(life),))

    def _draw(self, life):
        return Draw(
            id=life.question.id,
            subset=life.subset,
            method=life.question.method,
            sample=0,
            seeds=(life.seed,),
        )

    def synthesize(self):
        for life in self.lives():
            if life.fate == "abstained":
                why = "the model says that it lacks information"
                yield Outcome(rejected=(reject("synthesize", self._draw(life), "abstained", why),))
            else:
                yield Outcome(kept=(life.question,))

    def deduplicate(self):
        for life in self.lives("copy", "leak", "never", "verified"):
            if life.fate == "copy":
                near = life.number % 3 > 0
                kept = {
                    "kept_id": self.life(life.twin).question.id,
                    "score": 0.97 if near else 1.0,
                    "embedder": "hashing-2048" if near else "exact",
                }
                reason = "near_duplicate" if near else "exact_duplicate"
                turned = reject("deduplicate", life.question, reason, json.dumps(kept))
                yield Outcome(rejected=(turned,))
            else:
                yield Outcome(kept=(life.question,))

    def compared(self, life):
        rng = random.Random(life.number)
        leak = life.fate == "leak"
        cosine = rng.uniform(0.95, 1.0) if leak else min(abs(rng.gauss(0.35, 0.12)), 0.94)
        return life.question.model_copy(
            update={
                "benchmark_similarity": cosine,
                "benchmark_task_id": f"{rng.choice(BENCHMARKS[:3])}/{rng.randrange(160)}",
            }
        )

    def decontaminate(self):
        for life in self.lives("leak", "never", "verified"):
            question = self.compared(life)
            if life.fate == "leak":
                task, score = question.benchmark_task_id, question.benchmark_similarity
                hit = {"layer": "embedding", "task": task, "score": score, "status": "contaminated"}
                why = {"task": task, "score": score, "status": "contaminated", "hits": [hit]}
                turned = reject("decontaminate", question, "benchmark_leak", json.dumps(why))
                yield Outcome(rejected=(turned,))
            else:
                yield Outcome(kept=(question,))

    def trials(self, life):
        solutions, tests = self._code
        rng = random.Random(life.number + 5)
        for attempt, passed in enumerate(life.sequence):
            outcome, reason = ("passed", "") if passed else rng.choice(FAILURES)
            parsed = reason not in {"no_solution_found", "syntax_error"}
            test = tests[life.number % 300]
            names = [line[4:-3] for line in test.splitlines() if line.startswith("def ")]
            said = "passed" if passed else "failed"
            hostile = self._hostile[attempt % len(self._hostile)] if self._hostile else ""
            yield Trial(
                id=trial_id(life.question.id, attempt),
                question_id=life.question.id,
                attempt=attempt,
                solution=solutions[life.number % 300] + f"# {hostile}\n" if parsed else None,
                test=test if parsed else None,
                completion_id=f"solve/{life.question.id}/{attempt}",
                model=MODEL,
                prompt_version=PROMPT,
                prompt_tokens=400,
                completion_tokens=rng.randrange(200, 1500),
                verdict=Verdict(
                    outcome=outcome,
                    reason=reason,
                    tests=tuple(TestResult(name=name, outcome=said) for name in names[:8]),
                    coverage=round(rng.uniform(60, 100), 1) if passed else None,
                    isolation="namespaces",
                    environment=PROMPT,
                    observed=Observation(
                        wall_seconds=round(rng.expovariate(2), 3),
                        cpu_seconds=0.1,
                        peak_memory_bytes=1 << 24,
                        message="" if passed else f"it says {hostile[:300]}",
                    ),
                ),
            )

    def triplet(self, life, **changes):
        question = self.compared(life)
        solutions, tests = self._code
        rng = random.Random(life.number + 9)
        chosen = life.sequence.index(1)
        return Triplet(
            id=question.id,
            question_id=question.id,
            subset=life.subset,
            style="instruct",
            question=question.text,
            solution=solutions[life.number % 300],
            test=tests[life.number % 300],
            test_info=(),
            chosen_trial=trial_id(question.id, chosen),
            pass_sequence=life.sequence,
            difficulty=difficulty(sum(life.sequence), len(life.sequence)),
            coverage=round(min(100.0, rng.gauss(97, 6)), 1),
            isolation="namespaces",
            flags=(),
            seed_ids=question.seed_ids,
            licenses=question.licenses,
            method=question.method,
            question_model=MODEL,
            question_prompt_version=PROMPT,
            solution_model=MODEL,
            solution_prompt_version=PROMPT,
            benchmark_similarity=question.benchmark_similarity,
            benchmark_task_id=question.benchmark_task_id,
        ).model_copy(update=changes)

    def solve(self):
        for life in self.lives("never", "verified"):
            trials = tuple(self.trials(life))
            if life.fate == "never":
                lacking = life.number % 40 == 0
                reason = "missing_dependency" if lacking else "never_passed"
                why = f"{len(trials)} attempts, none passed"
                turned = reject("solve", self.compared(life), reason, why)
                yield Outcome(rejected=(turned,), trials=trials)
            else:
                yield Outcome(kept=(self.triplet(life),), trials=trials)

    def mutated(self, life):
        rng = random.Random(life.number + 13)
        killed = rng.randrange(4, 20)
        survived = tuple(
            Mutant(operator="swapped_sign", line=2, original="a + b", mutated="a - b")
            for _ in range(rng.randrange(4))
        )
        checked = CheckedSolution(trial=trial_id(life.question.id, 0), score=1.0, passed=(1, None))
        return self.triplet(
            life,
            consensus=round(rng.uniform(0.5, 1), 3),
            consensus_difficulty="easy",
            crosscheck=Crosscheck(solutions=(checked,), tests=(), camps=1),
            strength=TestStrength(
                score=killed / (killed + len(survived)),
                killed=killed,
                survived=survived,
                indistinct=1,
                equivalent=0,
                not_run=0,
            ),
        )

    def mutate(self):
        for life in self.lives("verified"):
            yield Outcome(kept=(self.mutated(life),))

    def restyle(self):
        for life in self.lives("verified"):
            row = self.mutated(life)
            made = row.model_copy(
                update={
                    "id": completed_id(row.id),
                    "style": "complete",
                    "question": f'def solve(values):\n    """{row.question}"""\n',
                    "restyle_model": MODEL,
                    "restyle_prompt_version": PROMPT,
                }
            )
            yield Outcome(kept=(row, made) if life.number % 3 else (row,))

    def respond(self):
        for life in self.lives("verified"):
            rng = random.Random(life.number + 17)
            right = rng.random() < 0.75
            verdict = Verdict(
                outcome="passed" if right else "failed",
                reason="" if right else "assertion",
                isolation="namespaces",
            )
            code = self._code[0][life.number % 300]
            answer = Response(
                id=response_id(life.question.id, 0),
                triplet_id=life.question.id,
                question_id=life.question.id,
                subset=life.subset,
                style="instruct",
                attempt=0,
                reasoning=" ".join(rng.choices(self._sentences[life.subset], k=25)),
                answer=f"Here it is:\n\n```python\n{code}```\n",
                code=code,
                completion_id=f"respond/{life.question.id}/0",
                model=MODEL,
                prompt_version=PROMPT,
                prompt_tokens=300,
                completion_tokens=900,
                verdict=verdict,
            )
            if right:
                yield Outcome(kept=(answer,))
            else:
                why = "1 of 4 tests failed"
                yield Outcome(rejected=(reject("respond", answer, "wrong_answer", why),))

    def prefer(self):
        for life in self.lives("verified"):
            if 0 in life.sequence:
                yield Outcome(kept=(self._pair(life),))

    def _pair(self, life):
        one = life.question.id
        return Pair(
            id=f"{one}/pair/correctness/0",
            triplet_id=one,
            question_id=one,
            subset=life.subset,
            style="instruct",
            question=life.question.text,
            chosen="```python\npass\n```",
            rejected="```python\nraise\n```",
            chosen_id=trial_id(one, life.sequence.index(1)),
            rejected_id=trial_id(one, life.sequence.index(0)),
            criterion="correctness" if life.number % 2 else "runtime",
            margin=1.0,
            difficulty="easy",
            licenses=("MIT",),
        )

    def write(self, folder, *, posttraining=True):
        """Seal all stages into a run directory."""
        steps = [
            ("seeds", Draw, self.seeds),
            ("synthesize", Question, self.synthesize),
            ("deduplicate", Question, self.deduplicate),
            ("decontaminate", Question, self.decontaminate),
            ("solve", Triplet, self.solve),
        ]
        if posttraining:
            steps += [
                ("mutate", Triplet, self.mutate),
                ("restyle", Triplet, self.restyle),
                ("respond", Response, self.respond),
                ("prefer", Pair, self.prefer),
            ]
        return write_run(folder, described(SUBSETS, PROBE, BENCHMARKS), steps, self.rows)


def described(subsets, probe, benchmarks, name="synthetic"):
    """A pipeline as a run directory has it, as far as a report reads it."""
    return {
        "name": name,
        "seed": 0,
        "prompts": {"solve": PROMPT},
        "llm": {"backend": "recorded", "model": MODEL},
        "subsets": [{"name": name, "budget": {"probe": None}} for name in subsets],
        "decontaminate": {
            "benchmarks": [{"name": name} for name in benchmarks],
            "embedder": "hashing",
        },
        "solve": {"probe": probe},
    }


def write_run(folder, pipeline, steps, rows):
    """Seal stages, each a name, its record and what gives its outcomes."""
    directory = RunDirectory(folder, pipeline)
    digest = ""
    for number, (name, record, outcomes) in enumerate(steps):
        measured = {"seconds": 10.0 * (number + 1), "rows_per_second": 100.0}
        if name in {"synthesize", "solve", "restyle", "respond"}:
            spent = {"prompt_tokens": 400 * rows, "completion_tokens": 900 * rows}
            measured |= {"requests": rows, **spent, "cost": rows / 1000}
        made_by = content_hash(name, str(rows))
        work = Work(name, 1, rows, measured, made_from=digest, made_by=made_by)
        place = directory.stage(number, name)
        sealed = seal(place, work, record, outcomes(), with_trials=name == "solve")
        digest, rows = sealed.kept_digest, sealed.kept
    directory.close()
    return folder
