"""The pipeline file, typed: every key, its bounds, its default and one sentence of what it does.

Reading a file, overriding keys and explaining mistakes is `kodgen.pipeline`'s work. Fields
marked `operational` say how to run, not what to make: changing one never changes a row, so they
are left out when a run directory is compared with its pipeline.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, PrivateAttr, Tag, model_validator

Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$", max_length=64)]
ModuleName = Annotated[str, Field(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$", max_length=100)]
Method = Literal["assessment", "snippet", "documentation", "prefill", "given"]
SEEDLESS: frozenset[Method] = frozenset({"prefill"})
OPERATIONAL: dict[str, Any] = {"operational": True}


class Section(BaseModel):
    """Base of all sections: unknown keys are errors, and so are infinite numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Sampling(Section):
    """How completions are sampled."""

    temperature: float = Field(default=1.0, ge=0, le=2, description="Sampling temperature.")
    top_p: float = Field(default=1.0, gt=0, le=1, description="Nucleus sampling mass.")
    max_tokens: int = Field(default=4096, ge=1, description="Longest completion, in tokens.")
    stop: tuple[str, ...] = Field(default=(), description="Strings that end a completion.")


class Price(Section):
    """What a model costs, in any one currency; nothing is ever guessed."""

    prompt: float = Field(default=0, ge=0, description="Price of a million prompt tokens.")
    completion: float = Field(default=0, ge=0, description="Price of a million completion tokens.")
    gpu_hour: float = Field(default=0, ge=0, description="Price of one GPU for one hour.")


def _price() -> Any:
    return Field(
        default=None,
        description="What it costs; forecasts and `--max-cost` need it.",
        json_schema_extra=OPERATIONAL,
    )


class RecordedLLM(Section):
    """Completions read from files in the OpenAI Batch output format."""

    backend: Literal["recorded"] = Field(description="Which kind of backend this is.")
    model: str = Field(default="recorded", description="Model name to write into the records.")
    paths: tuple[Path, ...] = Field(
        min_length=1,
        description="Batch output files, keyed by `custom_id`.",
        json_schema_extra=OPERATIONAL,
    )
    concurrency: int = Field(
        default=64, ge=1, description="Requests in flight.", json_schema_extra=OPERATIONAL
    )
    give_up_seconds: float = Field(
        default=60,
        gt=0,
        description="Unused here; the same key as the other backends have.",
        json_schema_extra=OPERATIONAL,
    )
    retries: int = Field(
        default=0, ge=0, description="Unused here; likewise.", json_schema_extra=OPERATIONAL
    )
    price: Price | None = _price()


class Endpoint(Section):
    """One of several servers of the same model."""

    base_url: str = Field(description="Server URL ending in `/v1`.")
    model: str | None = Field(
        default=None, description="Model name as this server knows it; `llm.model` if left out."
    )
    api_key_env: str | None = Field(
        default=None,
        description="Environment variable with its key; `llm.api_key_env` if left out.",
    )
    concurrency: int | None = Field(
        default=None, ge=1, description="Its own most; `llm.concurrency` if left out."
    )


class OpenAILLM(Section):
    """Any server that speaks the OpenAI API."""

    backend: Literal["openai"] = Field(description="Which kind of backend this is.")
    model: str = Field(description="Model name, as the server knows it.")
    base_url: str | None = Field(
        default=None,
        description="Server URL ending in `/v1`; OpenAI's own if left out.",
        json_schema_extra=OPERATIONAL,
    )
    endpoints: tuple[Endpoint, ...] = Field(
        default=(),
        description="Several servers of the model instead of `base_url`; one that fails is left.",
        json_schema_extra=OPERATIONAL,
    )
    api_key_env: str = Field(
        default="OPENAI_API_KEY",
        description="Environment variable that holds the key; never the key itself.",
        json_schema_extra=OPERATIONAL,
    )
    raw_completions: bool = Field(
        default=False,
        description="The server has `/v1/completions`, which continues a raw prefix (prefill).",
    )
    user_turn: str | None = Field(
        default=None,
        description="How the model's chat template opens the user's turn; prefill needs it.",
    )
    concurrency: int = Field(
        default=256,
        ge=1,
        le=10_000,
        description="Most samples in flight at each server; how many it bears is found out.",
        json_schema_extra=OPERATIONAL,
    )
    samples_together: bool = Field(
        default=False,
        description="The server takes `n`: several samples of one prompt go in one request.",
        json_schema_extra=OPERATIONAL,
    )
    timeout_seconds: float = Field(
        default=600, gt=0, description="Deadline of one request.", json_schema_extra=OPERATIONAL
    )
    retries: int = Field(
        default=8,
        ge=0,
        description="Faults of the server that one request may meet while others are answered.",
        json_schema_extra=OPERATIONAL,
    )
    give_up_seconds: float = Field(
        default=1800,
        gt=0,
        description="Stop, keeping everything, when nothing was answered for this long.",
        json_schema_extra=OPERATIONAL,
    )
    price: Price | None = _price()

    @model_validator(mode="after")
    def _one_way_there(self) -> "OpenAILLM":
        if self.endpoints and self.base_url is not None:
            raise ValueError("give either `base_url` or `endpoints`")
        urls = [endpoint.base_url for endpoint in self.endpoints]
        if len(set(urls)) < len(urls):
            raise ValueError("two `endpoints` have one `base_url`; give each server once")
        return self


class VLLMLLM(Section):
    """Engines that kodgen starts itself: vLLM on the GPUs of the Ray cluster."""

    backend: Literal["vllm"] = Field(description="Which kind of backend this is.")
    model: str = Field(description="Model by Hub name, or its folder on every node.")
    revision: str | None = Field(default=None, description="Revision of the model on the Hub.")
    replicas: Literal["auto"] | Annotated[int, Field(ge=1, le=4096)] = Field(
        default="auto",
        description="Engines side by side; `auto` takes every GPU of the cluster.",
        json_schema_extra=OPERATIONAL,
    )
    tensor_parallel: int = Field(
        default=1,
        ge=1,
        le=64,
        description="GPUs of one node that share the model's weights, for each engine.",
        json_schema_extra=OPERATIONAL,
    )
    device: Literal["gpu", "cpu"] = Field(
        default="gpu",
        description="`cpu` for a vLLM that is built for CPUs: a trial run without GPUs.",
        json_schema_extra=OPERATIONAL,
    )
    dtype: Literal["auto", "bfloat16", "float16", "float32"] = Field(
        default="auto", description="Number format of the weights."
    )
    quantization: str | None = Field(
        default=None, description="Quantization method, where the model's files do not name it."
    )
    context: int | None = Field(
        default=None, ge=16, description="Longest prompt and answer together; the model's if not."
    )
    gpu_memory: float = Field(
        default=0.9,
        gt=0,
        le=1,
        description="Share of each GPU's memory that an engine may take.",
        json_schema_extra=OPERATIONAL,
    )
    sequences: int = Field(
        default=256,
        ge=1,
        le=16_384,
        description="Most samples that one engine works on at a time.",
        json_schema_extra=OPERATIONAL,
    )
    chat_template: Path | None = Field(
        default=None, description="Jinja chat template instead of the tokenizer's own."
    )
    chat_template_args: dict[str, bool | int | float | str] = Field(
        default_factory=dict,
        description="Values for the chat template, such as `enable_thinking: false`.",
    )
    reasoning_parser: str | None = Field(
        default=None,
        description="vLLM's parser that keeps reasoning apart from the answer, such as `qwen3`.",
    )
    trust_remote_code: bool = Field(
        default=False, description="Run Python code that the model's repository brings."
    )
    engine_args: dict[str, bool | int | float | str] = Field(
        default_factory=dict,
        description="Further engine arguments of vLLM, by their Python names.",
        json_schema_extra=OPERATIONAL,
    )
    start_seconds: float = Field(
        default=1800,
        gt=0,
        description="Longest that an engine may take to load the model.",
        json_schema_extra=OPERATIONAL,
    )
    timeout_seconds: float = Field(
        default=3600, gt=0, description="Deadline of one request.", json_schema_extra=OPERATIONAL
    )
    retries: int = Field(
        default=8,
        ge=0,
        description="Faults of engines that one request may meet while others are answered.",
        json_schema_extra=OPERATIONAL,
    )
    give_up_seconds: float = Field(
        default=1800,
        gt=0,
        description="Stop, keeping everything, when nothing was answered for this long.",
        json_schema_extra=OPERATIONAL,
    )
    price: Price | None = _price()


LLMSettings = RecordedLLM | OpenAILLM | VLLMLLM
LLMSection = Annotated[LLMSettings, Field(discriminator="backend")]


class TableSource(Section):
    """Rows of a JSON, JSONL, CSV or Parquet file, told apart by its suffix."""

    type: Literal["table"] = Field(default="table", description="Which kind of source this is.")
    path: Path = Field(description="The file; relative to the pipeline file.")
    text: str = Field(default="text", description="Column that holds the seed's text.")
    id: str | None = Field(default=None, description="Column to name as the origin of a row.")
    license: str = Field(default="unknown", description="SPDX identifier of the whole source.")
    license_column: str | None = Field(
        default=None, description="Column with a row's own SPDX identifier."
    )


class FolderSource(Section):
    """One seed per text file of a folder."""

    type: Literal["folder"] = Field(description="Which kind of source this is.")
    path: Path = Field(description="The folder; relative to the pipeline file.")
    glob: str = Field(default="**/*", description="Which files below it, as a glob.")
    license: str = Field(default="unknown", description="SPDX identifier of the whole source.")


def _source_type(section: Any) -> Any:
    """Which source a section is, so that its mistakes are reported for that kind alone."""
    if isinstance(section, dict):
        return section.get("type", "table")
    return getattr(section, "type", None)


SourceSection = Annotated[
    Annotated[TableSource, Tag("table")] | Annotated[FolderSource, Tag("folder")],
    Discriminator(_source_type),
]


class Attempts(Section):
    """How many attempts a question of each difficulty gets in all."""

    easy: int = Field(default=3, ge=1, le=1000, description="Attempts for an easy question.")
    medium: int = Field(default=5, ge=1, le=1000, description="Attempts for a medium question.")
    hard: int = Field(default=10, ge=1, le=1000, description="Attempts for a hard question.")


class AttemptsOverride(Section):
    """A subset's own attempts; what is left out is taken from `solve`."""

    probe: int | None = Field(default=None, ge=1, le=1000, description="Instead of solve.probe.")
    easy: int | None = Field(default=None, ge=1, le=1000, description="Instead of budget.easy.")
    medium: int | None = Field(default=None, ge=1, le=1000, description="Instead of budget.medium.")
    hard: int | None = Field(default=None, ge=1, le=1000, description="Instead of budget.hard.")


class Subset(Section):
    """One part of the dataset: where its questions come from."""

    name: Name = Field(description="Name of the subset, as released rows carry it.")
    method: Method = Field(description="How questions are written; `given` takes them as they are.")
    seeds: SourceSection | None = Field(
        default=None, description="Where the seeds are; not for prefill."
    )
    count: int | None = Field(
        default=None, ge=1, description="Questions to draw; one per seed if left out."
    )
    shots: int = Field(default=1, ge=1, le=16, description="Seeds shown for one question.")
    prefix: str = Field(
        default="Write a python function to",
        min_length=1,
        description="How a prefill question begins.",
    )
    budget: AttemptsOverride = Field(
        default_factory=AttemptsOverride, description="This subset's own attempt budgets."
    )

    @model_validator(mode="after")
    def _seeds_fit_method(self) -> "Subset":
        if self.method in SEEDLESS:
            if self.seeds is not None:
                raise ValueError(f"{self.method} uses no seeds; remove `seeds`")
            if self.count is None:
                raise ValueError(f"{self.method} needs `count`: how many questions to draw")
        elif self.seeds is None:
            raise ValueError(f"{self.method} needs `seeds`: where its seeds are")
        if self.method == "given" and (self.shots != 1 or self.count is not None):
            raise ValueError("given takes every question once; remove `shots` and `count`")
        return self


class Synthesize(Section):
    """Write questions from seeds."""

    llm: LLMSection | None = Field(default=None, description="Instead of the pipeline's `llm`.")
    sampling: Sampling = Field(default_factory=Sampling, description="How questions are sampled.")


class Deduplicate(Section):
    """Keep one of every cluster of near-duplicates."""

    threshold: float = Field(
        default=0.95,
        gt=0,
        le=1,
        description="Cosine at and above which two questions are one (KodCode's, section 2.1).",
    )
    embedder: str = Field(
        default="hashing",
        description="`hashing`, or a sentence-transformers model by Hub name or folder.",
    )


class Benchmark(Section):
    """A benchmark to stay away from."""

    name: Name = Field(description="Name to report it by.")
    path: Path | None = Field(default=None, description="Its JSONL, JSON or Parquet file.")
    hub: str | None = Field(default=None, description="Its dataset id on the Hugging Face Hub.")
    revision: str | None = Field(default=None, description="Revision of the Hub dataset.")
    split: str = Field(default="test", description="Split of the Hub dataset.")
    text: str | None = Field(default=None, description="Column of the task's text; guessed if not.")
    id: str | None = Field(default=None, description="Column of the task's id; guessed if not.")

    @model_validator(mode="after")
    def _one_place(self) -> "Benchmark":
        if (self.path is None) == (self.hub is None):
            raise ValueError("give either `path` or `hub`")
        return self


class Decontaminate(Section):
    """Reject questions too close to a benchmark task."""

    benchmarks: tuple[Benchmark, ...] = Field(default=(), description="What to stay away from.")
    threshold: float = Field(
        default=0.95,
        gt=0,
        le=1,
        description="Cosine at and above which a question is rejected (KodCode's, section 3.2).",
    )
    embedder: str = Field(
        default="hashing",
        description="`hashing`, or a sentence-transformers model by Hub name or folder.",
    )


class Solve(Section):
    """Write solution and tests for each question, and run them."""

    llm: LLMSection | None = Field(default=None, description="Instead of the pipeline's `llm`.")
    sampling: Sampling = Field(default_factory=Sampling, description="How attempts are sampled.")
    probe: int = Field(
        default=3, ge=1, le=1000, description="Attempts before a difficulty is first read off."
    )
    budget: Attempts = Field(
        default_factory=Attempts, description="Attempts in all, by difficulty so far."
    )
    speculate: int = Field(
        default=4,
        ge=1,
        le=64,
        description="Attempts at one question at a time, ahead of need, once no new one waits.",
        json_schema_extra=OPERATIONAL,
    )


class Target(Section):
    """How many verified rows are enough: no question is attempted that no cell needs."""

    rows: int | None = Field(default=None, ge=1, description="Verified rows in all.")
    per_subset: dict[Name, Annotated[int, Field(ge=0)]] = Field(
        default_factory=dict, description="Verified rows of each subset named."
    )
    per_difficulty: dict[Literal["easy", "medium", "hard"], Annotated[int, Field(ge=0)]] = Field(
        default_factory=dict, description="Verified rows of each difficulty named."
    )

    @model_validator(mode="after")
    def _something(self) -> "Target":
        if self.rows is None and not self.per_subset and not self.per_difficulty:
            raise ValueError("give `rows`, `per_subset` or `per_difficulty`")
        for name in ("per_subset", "per_difficulty"):
            wanted = sum(getattr(self, name).values())
            if self.rows is not None and wanted > self.rows:
                raise ValueError(
                    f"`rows` is {self.rows}, but the cells of `{name}` need {wanted}; raise it, "
                    "or leave it out to have as many rows as the cells need"
                )
        return self


class Sandbox(Section):
    """Limits on what one trial may use."""

    isolation: Literal["auto", "namespaces", "container"] = Field(
        default="auto",
        description="Level to run at; the best this machine gives, or this one and no other.",
    )
    accept_no_isolation: bool = Field(
        default=False,
        description="Run with resource limits alone where no isolation can be had.",
    )
    python: Path | None = Field(
        default=None,
        description="Interpreter of the trials, or its virtual environment; kodgen's own if not.",
    )
    preload: tuple[ModuleName, ...] = Field(
        default=(), description="Modules that trials find imported already, such as `numpy`."
    )
    allow_exec: bool = Field(
        default=False, description="Let trials start other programs, in the same confinement."
    )
    workers: int | None = Field(
        default=None,
        ge=1,
        le=1024,
        description="Trials at a time on each node; one per core if left out.",
        json_schema_extra=OPERATIONAL,
    )
    cpu_seconds: int = Field(default=10, ge=1, le=3600, description="CPU time of one trial.")
    wall_seconds: int | None = Field(
        default=None,
        ge=1,
        le=36000,
        description="Time on the clock; six times the CPU time if not.",
    )
    memory_mb: int = Field(
        default=2048, ge=64, description="Address space of each process of a trial, in MiB."
    )
    scratch_mb: int = Field(default=64, ge=1, description="Private temporary files, in MiB.")
    processes: int = Field(default=64, ge=1, description="Processes and threads of one trial.")
    open_files: int = Field(default=256, ge=16, description="Open files of one trial.")
    coverage: bool = Field(default=True, description="Measure statement coverage of the solution.")
    control: bool = Field(
        default=True,
        description="Run a pass once more with impossible checks, which must fail.",
    )
    stubs: bool = Field(
        default=True,
        description="Run a pass's tests against solutions that do nothing, which must fail.",
    )
    reruns: int = Field(
        default=0,
        ge=0,
        le=20,
        description="Times a pass must hold under another hash seed, order and clock.",
    )
    strict: bool = Field(
        default=False,
        description="Run solution and tests in two processes where they can be split.",
    )

    @property
    def wall_limit(self) -> int:
        """Seconds on the clock; wider than CPU time so that a loaded machine fails no one."""
        return self.wall_seconds if self.wall_seconds is not None else 6 * self.cpu_seconds


class Export(Section):
    """What the dataset folder holds."""

    formats: tuple[Literal["kodcode", "trl_sft"], ...] = Field(
        default=("kodcode", "trl_sft"), min_length=1, description="One dataset config each."
    )


class Engine(Section):
    """How the work is run."""

    window: int = Field(
        default=10_000, ge=1, description="Rows open at a time.", json_schema_extra=OPERATIONAL
    )
    metrics_port: int | None = Field(
        default=None,
        ge=1024,
        le=65_535,
        description="Port of this machine to show Prometheus metrics at; none if left out.",
        json_schema_extra=OPERATIONAL,
    )
    ray_address: str | None = Field(
        default=None,
        description="Address of a running Ray cluster; a local one is started if left out.",
        json_schema_extra=OPERATIONAL,
    )


class Pipeline(Section):
    """A pipeline file."""

    name: Name = Field(description="Name of the run; its directory is `<runs>/<name>`.")
    seed: int = Field(default=0, ge=0, description="Drives every random choice of the run.")
    runs: Path = Field(
        default=Path("runs"),
        description="Folder of run directories; relative to the working directory.",
        json_schema_extra=OPERATIONAL,
    )
    prompts: Path | None = Field(
        default=None,
        description="Folder of prompt templates that replace kodgen's own of the same name.",
    )
    llm: LLMSection = Field(description="The language model of every stage without its own.")
    subsets: tuple[Subset, ...] = Field(min_length=1, description="The parts of the dataset.")
    synthesize: Synthesize = Field(default_factory=Synthesize, description="Writing questions.")
    deduplicate: Deduplicate = Field(
        default_factory=Deduplicate, description="Dropping near-duplicates."
    )
    decontaminate: Decontaminate = Field(
        default_factory=Decontaminate, description="Dropping benchmark leaks."
    )
    solve: Solve = Field(default_factory=Solve, description="Solving and verifying.")
    target: Target | None = Field(
        default=None, description="Stop when this many rows are verified; all questions if not."
    )
    sandbox: Sandbox = Field(default_factory=Sandbox, description="Limits of the sandbox.")
    export: Export = Field(default_factory=Export, description="Writing the dataset.")
    engine: Engine = Field(
        default_factory=Engine, description="How much work is open at a time, and where."
    )

    _base: Path = PrivateAttr(default_factory=Path)

    @property
    def base(self) -> Path:
        """Folder of the pipeline file, which its relative paths start from."""
        return self._base

    def at(self, base: Path) -> "Pipeline":
        """Say where the pipeline file lies."""
        self._base = base
        return self

    def resolve(self, path: Path) -> Path:
        """A path of the pipeline file as a path of this machine."""
        return path if path.is_absolute() else self._base / path

    @model_validator(mode="after")
    def _consistent(self) -> "Pipeline":
        names = [subset.name for subset in self.subsets]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two subsets are named {name!r}; names must differ")
        unknown = sorted(set(self.target.per_subset) - set(names)) if self.target else []
        if unknown:
            raise ValueError(
                f"target.per_subset names {unknown[0]!r}, but the subsets are {', '.join(names)}"
            )
        for subset in self.subsets:
            attempts = attempts_of(self, subset.name)
            for level in ("easy", "medium", "hard"):
                if attempts[level] < attempts["probe"]:
                    raise ValueError(
                        f"subset {subset.name!r}: budget.{level} is {attempts[level]}, but probe "
                        f"makes {attempts['probe']} attempts before a difficulty is known; "
                        "lower `probe` or raise the budget"
                    )
        return self


def attempts_of(pipeline: Pipeline, subset: str) -> dict[str, int]:
    """The `probe`, `easy`, `medium` and `hard` attempts that hold for one subset.

    Raises:
        KeyError: The pipeline has no such subset.
    """
    override = next((s.budget for s in pipeline.subsets if s.name == subset), None)
    if override is None:
        raise KeyError(subset)
    general = {"probe": pipeline.solve.probe, **pipeline.solve.budget.model_dump()}
    own = {key: value for key, value in override.model_dump().items() if value is not None}
    return general | own
