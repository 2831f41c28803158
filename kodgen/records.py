"""The nouns of kodgen: what flows between stages, and how each gets its id.

Every id is derived from content and parents, never from time or order of arrival, so a second
run gives the same ids and lineage can be read from an id alone:

    seed:<source>/<content hash>
    question:<subset>/<method>/<seed hash>[+<seed hash>...]/<sample>
    question:.../<attempt>                                        (a trial)
    question:..., question:..._C                                  (a triplet, a completion task)
    <triplet id>/response/<attempt>                               (an answer in full)
    <triplet id>/pair/<criterion>/<number>                        (a chosen and a rejected answer)
    <stage>/<row id>/<attempt>                                    (a request to a language model)
"""

import hashlib
from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SeedKind = Literal["prefill", "assessment", "snippet", "documentation", "instruction"]
Style = Literal["instruct", "complete"]
Difficulty = Literal["easy", "medium", "hard"]
TestOutcome = Literal["passed", "failed", "error", "skipped", "xfailed", "xpassed"]
VerdictOutcome = Literal[
    "passed",
    "failed",
    "error",
    "no_tests",
    "skipped",
    "vacuous",
    "flaky",
    "timeout",
    "oom",
    "crash",
    "limit",
    "tampered",
    "unportable",
    "infra",
]
Isolation = Literal["namespaces", "container", "rlimits", "not_run"]

COMPLETED = "_C"
"""Ends the id of a completion task that was made of a triplet."""
HASH_LENGTH = 12
"""Hex digits of an id's content hash: 48 bits, one expected collision in about 16 million rows."""


def content_hash(*parts: str, length: int = HASH_LENGTH) -> str:
    """Hash strings to `length` hex digits; the split between parts matters, their order too."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()[:length]


def seed_id(source: str, kind: SeedKind, text: str) -> str:
    """Id of a seed: its source's name and the hash of its content."""
    return f"seed:{source}/{content_hash(kind, text)}"


def question_id(subset: str, method: str, seed_ids: Iterable[str], sample: int) -> str:
    """Id of a question from the seeds it was written from; `none` where it had no seed."""
    parents = "+".join(seed.rsplit("/", 1)[-1] for seed in seed_ids) or "none"
    return f"question:{subset}/{method}/{parents}/{sample}"


def trial_id(question: str, attempt: int) -> str:
    """Id of the `attempt`-th try (from 0) at a question."""
    return f"{question}/{attempt}"


def completed_id(question: str) -> str:
    """Id of the triplet that a question's triplet becomes as a completion task; KodCode's `_C`."""
    return question + COMPLETED


def response_id(triplet: str, attempt: int) -> str:
    """Id of the `attempt`-th answer (from 0) to a triplet's question."""
    return f"{triplet}/response/{attempt}"


def request_id(stage: str, row: str, attempt: int) -> str:
    """Id of one request to a language model; the `custom_id` of a Batch file."""
    return f"{stage}/{row}/{attempt}"


def derived_seed(run_seed: int, *parts: str) -> int:
    """A 31-bit seed for one random choice, hashed so that neighbours share nothing.

    Engines give sample k of a request `seed + k`, so consecutive seeds would repeat samples.
    """
    return int(content_hash(str(run_seed), *parts, length=16), 16) % (2**31)


class Record(BaseModel):
    """Base of all records: immutable, and closed to unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Seed(Record):
    """One thing to write questions from."""

    id: str
    source: str = Field(description="Name of the source, as the pipeline file calls it.")
    kind: SeedKind
    text: str
    license: str = Field(description="SPDX identifier, or `unknown`.")
    origin: str = Field(description="Where in the source: file and line, or the row's own id.")
    weight: float = Field(default=1, gt=0, description="Chance to be drawn early in a pass.")


class Draw(Record):
    """The seeds drawn for one question yet to be written, and how to write it."""

    id: str = Field(description="Id of the question that will come of it.")
    subset: str
    method: str
    sample: int = Field(ge=0, description="Which question from these seeds, from 0.")
    variant: str = Field(default="", description="Variant of the method; empty if it has none.")
    model: str = Field(
        default="", description="Model of the subset's own to write it; empty for the stage's."
    )
    seeds: tuple[Seed, ...]


class Annotation(Record):
    """What a model says of a question: tags, each with a value for what it could not tell."""

    quality: str = Field(description="`very poor` to `excellent`, or `unknown`.")
    category: str = Field(description="What kind of task, or `unknown`.")
    language: str = Field(
        description="Programming language asked for; `any` if the task names none, or `unknown`."
    )
    libraries: tuple[str, ...] | None = Field(
        description="Libraries a solution needs beside the standard one, sorted; null if unknown."
    )
    stdin: Literal["yes", "no", "unknown"] = Field(description="Whether the task reads its input.")
    model: str
    prompt_version: str


class Question(Record):
    """A task statement."""

    id: str
    subset: str
    style: Style = "instruct"
    text: str
    seed_ids: tuple[str, ...]
    licenses: tuple[str, ...] = Field(description="Licences of its seeds, sorted, no repeats.")
    method: str
    variant: str = Field(default="", description="Variant of the method; empty if it has none.")
    model: str = Field(description="What wrote it; `given` for a question brought by the user.")
    prompt_version: str = Field(description="Content hash of the prompt template; `none` if given.")
    benchmark_similarity: float | None = Field(
        default=None,
        description="Cosine to the nearest benchmark task; null until decontaminated.",
    )
    benchmark_task_id: str | None = Field(
        default=None, description="That task, as `<benchmark>/<task id>`; null likewise."
    )
    annotation: Annotation | None = Field(default=None, description="Null if not annotated.")


class TestResult(Record):
    """What one test said."""

    __test__ = False

    name: str
    outcome: TestOutcome
    error: str = Field(default="", description="Exception class, empty if it passed.")


class Observation(Record):
    """What one execution happened to show; differs from run to run, so kept apart at sealing."""

    wall_seconds: float
    cpu_seconds: float
    peak_memory_bytes: int
    test_seconds: tuple[float, ...] = Field(
        default=(), description="Seconds of each of the verdict's tests, in their order."
    )
    test_cpu_seconds: tuple[float, ...] = Field(
        default=(),
        description="CPU seconds of each test's call, in their order, setup and teardown left out.",
    )
    message: str = Field(
        default="", description="Excerpt of the failure; may hold addresses or times."
    )


class Verdict(Record):
    """What the sandbox found."""

    outcome: VerdictOutcome
    reason: str = Field(description="Reason code in snake_case; empty for a pass.")
    tests: tuple[TestResult, ...] = ()
    coverage: float | None = Field(
        default=None,
        description="Statements of the solution that ran, in percent; null if not measured.",
    )
    flags: tuple[str, ...] = Field(
        default=(), description="What a reader should know of it besides, sorted; snake_case."
    )
    isolation: Isolation
    environment: str = Field(
        default="",
        description="Digest of the interpreter and packages it ran on; empty if nothing ran.",
    )
    observed: Observation | None = Field(
        default=None, description="Times, memory and messages; null if nothing was run."
    )

    @property
    def passed(self) -> bool:
        """Whether this counts as 1 in a pass sequence."""
        return self.outcome == "passed"


class Trial(Record):
    """One attempt at a question: solution and tests, and what running them said."""

    id: str
    question_id: str
    attempt: int = Field(ge=0)
    solution: str | None = Field(description="Null where none could be parsed out.")
    test: str | None = Field(description="Null where none could be parsed out.")
    completion_id: str = Field(description="Request id of the raw completion in `completions/`.")
    model: str
    prompt_version: str
    prompt_tokens: int | None = Field(description="As the server counted; null if it did not say.")
    completion_tokens: int | None = Field(description="As the server counted; null likewise.")
    verdict: Verdict


class TestInfo(Record):
    """One function of the solution that the tests call (KodCode-V1 `test_info`)."""

    __test__ = False

    function_name: str
    parameter_list: str
    function_declaration: str
    docstring: str


class CheckedSolution(Record):
    """What all trials' tests say of one trial's solution."""

    trial: str = Field(description="Trial id.")
    score: float = Field(ge=0, le=1, description="By mutual ranking; the best of a question has 1.")
    passed: tuple[int | None, ...] = Field(
        description="1 or 0 by test, in the order of `Crosscheck.tests`; null where the two can't "
        "be compared, as they do not agree on names or parameters."
    )


class CheckedTest(Record):
    """What all trials' solutions say of one test function."""

    trial: str = Field(description="Trial id.")
    name: str
    score: float = Field(ge=0, le=1, description="By mutual ranking; the best of a question has 1.")
    discrimination: float | None = Field(
        description="Mean score of the solutions that pass less that of those that fail; null "
        "where all pass or all fail."
    )
    dropped: bool = Field(
        description="Every trusted solution of another trial fails it: one at least, and two where "
        "its own solution passes."
    )


class Crosscheck(Record):
    """Every trial's solution against every trial's tests of one question."""

    solutions: tuple[CheckedSolution, ...]
    tests: tuple[CheckedTest, ...]
    camps: int = Field(ge=0, description="Groups of solutions that pass the same tests.")


class Mutant(Record):
    """A solution with one small fault put in that the tests did not notice."""

    operator: str = Field(description="What kind of fault; snake_case.")
    line: int = Field(ge=1, description="Of the solution, from 1.")
    original: str = Field(description="The code as it was.")
    mutated: str = Field(description="The code as it became.")


class TestStrength(Record):
    """How many faults put into a solution its tests notice."""

    __test__ = False

    score: float | None = Field(
        description="Killed, of all that can be told from the solution; null where there is none."
    )
    killed: int = Field(ge=0)
    survived: tuple[Mutant, ...] = Field(description="Not noticed, though their outputs differ.")
    indistinct: int = Field(
        ge=0, description="Not noticed, and the same outputs on all test inputs: maybe equivalent."
    )
    untold: int = Field(
        default=0,
        ge=0,
        description="Not noticed, and it could not be told whether their outputs differ.",
    )
    equivalent: int = Field(ge=0, description="The same bytecode; never run.")
    not_run: int = Field(ge=0, description="Left out by the budget.")


class Triplet(Record):
    """A verified question, solution and test."""

    id: str = Field(description="Id of its question, with `_C` if it was made a completion task.")
    question_id: str = Field(description="Id of its question; the same for both styles.")
    subset: str
    style: Style
    question: str
    solution: str
    test: str
    test_info: tuple[TestInfo, ...] = Field(description="Empty where the tests use classes only.")
    chosen_trial: str = Field(description="Trial id.")
    pass_sequence: tuple[int, ...] = Field(description="1 or 0 per attempt, in attempt order.")
    difficulty: Difficulty
    coverage: float | None
    isolation: Isolation
    flags: tuple[str, ...] = Field(description="Of the chosen trial's verdict.")
    seed_ids: tuple[str, ...]
    licenses: tuple[str, ...]
    method: str
    question_model: str
    question_prompt_version: str
    solution_model: str
    solution_prompt_version: str
    benchmark_similarity: float | None
    benchmark_task_id: str | None
    variant: str = ""
    annotation: Annotation | None = None
    consensus: float | None = Field(
        default=None, description="Score of the chosen solution; null if not crosschecked."
    )
    consensus_difficulty: Difficulty | None = Field(
        default=None,
        description="By the attempts that consensus calls right; null if not crosschecked.",
    )
    crosscheck: Crosscheck | None = Field(default=None, description="Null if not crosschecked.")
    strength: TestStrength | None = Field(default=None, description="Null if not mutated.")
    restyle_model: str | None = Field(
        default=None, description="What made a completion task of it; null if nothing did."
    )
    restyle_prompt_version: str | None = Field(default=None, description="Null likewise.")


class Tried(Record):
    """A triplet with every attempt at its question: what crosscheck is given."""

    id: str
    subset: str
    triplet: Triplet
    trials: tuple[Trial, ...] = Field(description="In attempt order.")


class Response(Record):
    """An answer in full to a triplet's question, run against its tests."""

    id: str
    triplet_id: str
    question_id: str
    subset: str
    style: Style
    attempt: int = Field(ge=0)
    reasoning: str | None = Field(description="Null where the model gave none apart.")
    answer: str = Field(description="What follows the reasoning, as the model wrote it.")
    code: str | None = Field(description="Null where none could be taken out of the answer.")
    approach: str = Field(
        default="", description="What sets it apart from the others kept; empty if nothing is said."
    )
    completion_id: str = Field(description="Request id of the raw completion in `completions/`.")
    model: str
    prompt_version: str
    prompt_tokens: int | None = Field(description="As the server counted; null if it did not say.")
    completion_tokens: int | None = Field(description="As the server counted; null likewise.")
    verdict: Verdict


class Answered(Record):
    """A triplet with all attempts and all answers, right or not: what prefer is given."""

    id: str
    subset: str
    triplet: Triplet
    trials: tuple[Trial, ...] = Field(description="In attempt order.")
    responses: tuple[Response, ...] = Field(description="In attempt order; empty without any.")


class Pair(Record):
    """A chosen and a rejected answer to one question."""

    id: str
    triplet_id: str
    question_id: str
    subset: str
    style: Style
    question: str
    chosen: str = Field(description="The answer as text, code in a fence.")
    rejected: str = Field(description="Likewise.")
    chosen_id: str = Field(description="Id of the trial or response.")
    rejected_id: str = Field(description="Likewise.")
    criterion: str = Field(description="What the pair was chosen by, such as `correctness`.")
    margin: float = Field(ge=0, description="By how much; the criterion says in what unit.")
    difficulty: Difficulty
    licenses: tuple[str, ...]


class Rejected(Record):
    """A row that was turned away: why, on what evidence, and the row itself."""

    id: str
    stage: str
    reason: str = Field(description="Reason code in snake_case.")
    evidence: str = Field(description="What shows it, in words: file and line, kept row and score.")
    row: str = Field(description="The rejected row as JSON; the raw line where it was not a row.")
