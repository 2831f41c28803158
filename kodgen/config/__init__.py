"""The pipeline file, typed: every key, its bounds, its default and one sentence of what it does.

Reading a file, overriding keys and explaining mistakes is `kodgen.pipeline`'s work. Fields
marked `operational` say how to run, not what to make: changing one never changes a row, so they
are left out when a run directory is compared with its pipeline.
"""

from kodgen.config.contamination import Benchmark, Bounds, ContaminationPolicy
from kodgen.config.models import (
    VLLMLLM,
    Endpoint,
    LLMSection,
    LLMSettings,
    OpenAILLM,
    Price,
    RecordedLLM,
    Sampling,
)
from kodgen.config.pipeline import Engine, Pipeline, attempts_of, writers_of
from kodgen.config.posttraining import (
    Criterion,
    Crosscheck,
    Level,
    Mutate,
    Prefer,
    Respond,
    Restyle,
    Select,
)
from kodgen.config.release import Release
from kodgen.config.sandbox import Sandbox
from kodgen.config.section import OPERATIONAL, ModuleName, Name, Section
from kodgen.config.sources import (
    CodeSource,
    DocumentationSource,
    FolderSource,
    HubSource,
    PresetSource,
    Source,
    TableSource,
    TabularSource,
)
from kodgen.config.stages import (
    Annotate,
    Attempts,
    Category,
    Decontaminate,
    Deduplicate,
    Export,
    Keep,
    Quality,
    ReleasedDataset,
    Solve,
    Synthesize,
    Target,
)
from kodgen.config.subsets import AttemptsOverride, Subset

__all__ = [
    "OPERATIONAL",
    "VLLMLLM",
    "Annotate",
    "Attempts",
    "AttemptsOverride",
    "Benchmark",
    "Bounds",
    "Category",
    "CodeSource",
    "ContaminationPolicy",
    "Criterion",
    "Crosscheck",
    "Decontaminate",
    "Deduplicate",
    "DocumentationSource",
    "Endpoint",
    "Engine",
    "Export",
    "FolderSource",
    "HubSource",
    "Keep",
    "Level",
    "LLMSection",
    "LLMSettings",
    "ModuleName",
    "Mutate",
    "Name",
    "OpenAILLM",
    "Pipeline",
    "Prefer",
    "PresetSource",
    "Price",
    "Quality",
    "Release",
    "RecordedLLM",
    "ReleasedDataset",
    "Respond",
    "Restyle",
    "Sampling",
    "Sandbox",
    "Section",
    "Select",
    "Solve",
    "Source",
    "Subset",
    "Synthesize",
    "TableSource",
    "TabularSource",
    "Target",
    "attempts_of",
    "writers_of",
]
