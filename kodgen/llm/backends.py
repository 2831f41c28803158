"""Opens the backend that a pipeline file names."""

from pathlib import Path

from kodgen import config
from kodgen.llm.protocol import LLM


def open_llm(section: config.RecordedLLM | config.OpenAILLM, base: Path) -> LLM:
    """Open a backend.

    Args:
        section: Which, and how it is reached.
        base: Folder that its relative paths start from.

    Raises:
        InputError: A file of recorded completions is missing or malformed.
        LLMMisconfigured: There is no key, or the server's URL is none.
    """
    if isinstance(section, config.RecordedLLM):
        from kodgen.llm.recorded import RecordedLLM

        return RecordedLLM(section, [base / path for path in section.paths])
    from kodgen.llm.openai import OpenAILLM

    return OpenAILLM(section)
