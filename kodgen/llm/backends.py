"""Opens the backends that a pipeline file names."""

from pathlib import Path

from kodgen import config
from kodgen.llm.protocol import LLM


def open_llms(section: config.RecordedLLM | config.OpenAILLM, base: Path) -> list[LLM]:
    """Open every place that answers for a model, in the order of the pipeline file.

    Args:
        section: Which, and how it is reached.
        base: Folder that its relative paths start from.

    Raises:
        InputError: A file of recorded completions is missing or malformed.
        LLMMisconfigured: There is no key, or a server's URL is none.
    """
    if isinstance(section, config.RecordedLLM):
        from kodgen.llm.recorded import RecordedLLM

        return [RecordedLLM(section, [base / path for path in section.paths])]
    from kodgen.llm.openai import OpenAILLM

    return [OpenAILLM(section, endpoint) for endpoint in section.endpoints or (None,)]


def open_llm(section: config.RecordedLLM | config.OpenAILLM, base: Path) -> LLM:
    """Open the first place that answers for a model; raises as `open_llms` does."""
    return open_llms(section, base)[0]
