"""Small finished runs to be released: real solutions and tests, sealed by kodgen's own writers."""

import asyncio
from pathlib import Path

from kodgen.config import Release
from kodgen.engine.releasing.releasing import ReleaseRequest, release
from kodgen.engine.store.rundir import RunDirectory
from kodgen.engine.store.sealing import Work, seal
from kodgen.records import (
    Draw,
    Pair,
    Question,
    Response,
    Seed,
    TestInfo,
    TestResult,
    Trial,
    Triplet,
    Verdict,
    question_id,
    response_id,
    seed_id,
    trial_id,
)
from kodgen.stages.base import Outcome, reject

ROOT = Path(__file__).resolve().parents[3]
BENCHMARK = ROOT / "data" / "quickstart" / "benchmark.jsonl"
GIVEN = (f"sample-tasks={BENCHMARK}",)
MODEL, PROMPT = "Qwen/Qwen2.5-Coder-7B-Instruct", "0123456789ab"
ROWS = 8
PASSED = Verdict(
    outcome="passed",
    reason="",
    tests=(TestResult(name="test_it", outcome="passed"),),
    coverage=100.0,
    isolation="namespaces",
)
WORDS = ["amber", "bread", "cedar", "delta", "ember", "flint", "grape", "hazel"]


class SmallRun:
    """Eight rows; any can be changed before it is sealed.

    Args:
        licenses: Of the seeds, by number of the row.
        questions: Texts by number of the row.
        solutions: Likewise.
        formats: To be exported.
        answers: Whether there are answers in full and pairs as well.
    """

    def __init__(
        self, *, licenses=None, questions=None, solutions=None, formats=None, answers=False
    ):
        self._licenses = licenses or {}
        self._questions = questions or {}
        self._solutions = solutions or {}
        self._formats = formats or ["kodcode", "trl_sft"]
        self._answers = answers
        self.draws = [self._draw(number) for number in range(ROWS)]

    def id(self, number):
        """Of a row's question."""
        return self.draws[number].id

    def _draw(self, number):
        text = f"# a snippet about {WORDS[number]}"
        seed = Seed(
            id=seed_id("code", "snippet", text),
            source="code",
            kind="snippet",
            text=text,
            license=self._licenses.get(number, "MIT"),
            origin=f"seeds.jsonl:{number + 1}",
        )
        one = question_id("algorithms", "snippet", [seed.id], 0)
        return Draw(id=one, subset="algorithms", method="snippet", sample=0, seeds=(seed,))

    def _question(self, number):
        draw = self.draws[number]
        word = WORDS[number]
        text = self._questions.get(
            number,
            f"A shop sells {word} in crates of {number + 2} pieces. Write `crates_{word}(pieces)` "
            f"that returns how many crates hold that many pieces of {word}, the last one not full.",
        )
        return Question(
            id=draw.id,
            subset=draw.subset,
            text=text,
            seed_ids=(draw.seeds[0].id,),
            licenses=(draw.seeds[0].license,),
            method=draw.method,
            model=MODEL,
            prompt_version=PROMPT,
        )

    def _trial(self, number):
        word, size = WORDS[number], number + 2
        solution = self._solutions.get(
            number, f"def crates_{word}(pieces):\n    return -(-pieces // {size})\n"
        )
        test = (
            f"from solution import crates_{word}\n\n\ndef test_it():\n"
            f"    assert crates_{word}({size}) == 1\n    assert crates_{word}({size + 1}) == 2\n"
        )
        one = self.id(number)
        return Trial(
            id=trial_id(one, 0),
            question_id=one,
            attempt=0,
            solution=solution,
            test=test,
            completion_id=f"solve/{one}/0",
            model=MODEL,
            prompt_version=PROMPT,
            prompt_tokens=None,
            completion_tokens=None,
            verdict=PASSED,
        )

    def _triplet(self, number):
        question, trial = self._question(number), self._trial(number)
        word = WORDS[number]
        return Triplet(
            id=question.id,
            question_id=question.id,
            subset=question.subset,
            style="instruct",
            question=question.text,
            solution=trial.solution,
            test=trial.test,
            test_info=(
                TestInfo(
                    function_name=f"crates_{word}",
                    parameter_list="(pieces)",
                    function_declaration=f"def crates_{word}(pieces):",
                    docstring="",
                ),
            ),
            chosen_trial=trial.id,
            pass_sequence=(1,),
            difficulty="easy",
            coverage=100.0,
            isolation="namespaces",
            flags=(),
            seed_ids=question.seed_ids,
            licenses=question.licenses,
            method=question.method,
            question_model=MODEL,
            question_prompt_version=PROMPT,
            solution_model=MODEL,
            solution_prompt_version=PROMPT,
            benchmark_similarity=0.1,
            benchmark_task_id="sample-tasks/sample/0",
        )

    def _response(self, number):
        trial, triplet = self._trial(number), self._triplet(number)
        return Response(
            id=response_id(triplet.id, 0),
            triplet_id=triplet.id,
            question_id=triplet.question_id,
            subset=triplet.subset,
            style="instruct",
            attempt=0,
            reasoning=f"Crates of {WORDS[number]} are counted by dividing and rounding up.",
            answer=f"Round the quotient up.\n\n```python\n{trial.solution}```\n",
            code=trial.solution,
            completion_id=f"respond/{triplet.id}/0",
            model="deepseek-ai/DeepSeek-R1",
            prompt_version=PROMPT,
            prompt_tokens=None,
            completion_tokens=None,
            verdict=PASSED,
        )

    def _pair(self, number):
        triplet = self._triplet(number)
        return Pair(
            id=f"{triplet.id}/pair/correctness/0",
            triplet_id=triplet.id,
            question_id=triplet.question_id,
            subset=triplet.subset,
            style="instruct",
            question=triplet.question,
            chosen=f"```python\n{triplet.solution}```",
            rejected="```python\ndef wrong(pieces):\n    return pieces\n```",
            chosen_id=triplet.chosen_trial,
            rejected_id=f"{triplet.id}/9",
            criterion="correctness",
            margin=1.0,
            difficulty="easy",
            licenses=triplet.licenses,
        )

    def write(self, folder):
        """Seal it; the directory."""
        numbers = range(ROWS)
        questions = [self._question(number) for number in numbers]
        copy = reject(
            "deduplicate",
            questions[0],
            "near_duplicate",
            f'{{"kept_id": "{self.id(1)}", "score": 0.97}}',
        )
        steps = [
            ("seeds", Draw, [Outcome(kept=tuple(self.draws))]),
            ("synthesize", Question, [Outcome(kept=(one,)) for one in questions]),
            ("deduplicate", Question, [Outcome(kept=tuple(questions), rejected=(copy,))]),
            (
                "solve",
                Triplet,
                [Outcome(kept=(self._triplet(n),), trials=(self._trial(n),)) for n in numbers],
            ),
        ]
        if self._answers:
            steps += [
                ("respond", Response, [Outcome(kept=(self._response(n),)) for n in numbers]),
                ("prefer", Pair, [Outcome(kept=(self._pair(n),)) for n in numbers]),
            ]
        described = {
            "name": "crates",
            "seed": 0,
            "prompts": {},
            "llm": {"backend": "recorded", "model": MODEL},
            "subsets": [{"name": "algorithms"}],
            "deduplicate": {"threshold": 0.95, "embedder": "hashing"},
            "export": {"formats": self._formats},
            "sandbox": {"cpu_seconds": 5},
            "stage_versions": {name: 1 for name, _, _ in steps if name != "seeds"},
        }
        directory = RunDirectory(folder, described)
        for number, (name, record, outcomes) in enumerate(steps):
            work = Work(name, 1, ROWS, {"seconds": 1.0})
            place = directory.stage(number, name)
            seal(place, work, record, outcomes, with_trials=name == "solve")
        directory.close()
        return folder


def released(run, says=None, **options):
    """Release a run without a network; what came of it, and what was said."""
    said = []
    request = ReleaseRequest(
        run=run,
        repo="me/crates",
        output=options.pop("output", run / "release"),
        says=says or Release(),
        base=options.pop("base", run),
        benchmarks=options.pop("benchmarks", GIVEN),
        dry_run=True,
        **options,
    )
    return asyncio.run(release(request, said.append)), said
