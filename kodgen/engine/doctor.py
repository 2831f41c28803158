"""What this machine can do, said before a long run finds out."""

import asyncio
import importlib.util
import os
import platform
import shutil
import subprocess
from dataclasses import asdict, dataclass
from typing import Any

from kodgen import __version__
from kodgen.config import Pipeline
from kodgen.engine.asking.outages import smallest_request
from kodgen.engine.building import sandbox_of
from kodgen.errors import (
    ConfigError,
    IsolationError,
    KodgenError,
    LLMError,
    LLMRefusal,
    LLMUnanswered,
)
from kodgen.llm.backends import open_llm


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    what: str
    ok: bool
    detail: str
    advice: str = ""
    exit_code: int = 0
    """That a build would end with because of it; 0 where a build can do without."""

    def as_dict(self) -> dict[str, Any]:
        """For a script."""
        return asdict(self)

    def __str__(self) -> str:
        mark = "ok  " if self.ok else ("FAIL" if self.exit_code else "no  ")
        advice = f"\n       {self.advice}" if self.advice and not self.ok else ""
        return f"{mark} {self.what}: {self.detail}{advice}"


async def examine(pipeline: Pipeline | None) -> list[Finding]:
    """Look at the machine and, given a pipeline, at whether its models answer."""
    findings = [
        Finding("kodgen", True, f"{__version__}, Python {platform.python_version()}"),
        Finding("machine", True, _machine()),
        _gpus(),
        _extra("sentence_transformers", "embeddings", "only the `hashing` embedder"),
        await asyncio.to_thread(_trials_python, pipeline),
        *await asyncio.to_thread(_isolation, pipeline),
    ]
    if pipeline is not None:
        sections = (pipeline.llm, pipeline.synthesize.llm, pipeline.solve.llm)
        different = dict.fromkeys(section for section in sections if section is not None)
        findings += [await _model(section, pipeline) for section in different]
    return findings


def _machine() -> str:
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    free = shutil.disk_usage(".").free / 2**30
    return f"{cores} cores, {memory:.0f} GiB memory, {free:.0f} GiB free in this folder"


def _gpus() -> Finding:
    try:
        listing = subprocess.run(
            ["nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader"],  # noqa: S607
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return Finding(
            "GPUs", False, "none seen", "none needed: point `llm.base_url` at a server elsewhere"
        )
    return Finding("GPUs", True, "; ".join(listing.splitlines()))


def _extra(module: str, extra: str, without: str) -> Finding:
    found = importlib.util.find_spec(module) is not None
    detail = "installed" if found else f"not installed: {without}"
    return Finding(module, found, detail, f"pip install 'kodgen[{extra}]'")


def _trials_python(pipeline: Pipeline | None) -> Finding:
    from kodgen.sandbox.interpreter import examine as examine_python

    python = sandbox_of(pipeline).python if pipeline is not None else None
    try:
        found = examine_python(python)
    except ConfigError as error:
        return Finding("trials' Python", False, str(error), exit_code=ConfigError.exit_code)
    return Finding("trials' Python", True, f"{found.executable}: {found.environment}")


def _isolation(pipeline: Pipeline | None) -> list[Finding]:
    from kodgen.sandbox import probe_isolation

    limits = sandbox_of(pipeline) if pipeline is not None else None
    return [
        Finding(
            f"isolation, {probe.name}",
            probe.held,
            probe.detail,
            probe.advice,
            IsolationError.exit_code if probe.fatal else 0,
        )
        for probe in probe_isolation(limits)
    ]


async def _model(section: Any, pipeline: Pipeline) -> Finding:
    what = f"model {section.model!r} ({section.backend})"
    try:
        llm = open_llm(section, pipeline.base)
        try:
            await llm.complete(smallest_request(section.model))
        except (LLMRefusal, LLMUnanswered):
            pass  # what refuses one request answers
        finally:
            await llm.close()
    except KodgenError as error:
        return Finding(what, False, str(error), "a build would stop here", LLMError.exit_code)
    return Finding(what, True, "answers")
