"""What an audit is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kodgen.config import LLMSettings, OpenAILLM
from kodgen.contamination.policy import LAYERS
from kodgen.engine.auditing.columns import Columns
from kodgen.errors import ConfigError
from kodgen.similarity.embedding import HASHING
from kodgen.tables.row import nearest

NO_EMBEDDER = "none"
USUAL = ("exact", "ngram", "structure", "literals", "embedding", "behaviour")
"""Layers of an audit that nobody chooses them for."""


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """One `kodgen audit`."""

    source: str
    """File, folder, Hub dataset or run directory."""
    benchmarks: tuple[str, ...]
    """As `-b` gives them."""
    output: Path
    columns: Columns = field(default_factory=Columns)
    """Those that the user names; the rest is guessed."""
    embedder: str = HASHING
    """Hub name or folder of a sentence-transformers model, `hashing`, or `none`."""
    layers: tuple[str, ...] = ()
    """The only ones to apply; the usual ones if empty."""
    behaviour: bool = True
    tried: float | None = None
    """Score by meaning from which a row's solution is run, though the row is in no doubt; the
    model's own if None."""
    judge: LLMSettings | None = None
    """Model that is asked about rows in doubt; none is if None."""
    policy: tuple[str, ...] = ()
    """As `--policy` gives them."""
    self_test: bool = True
    seed: int = 0

    def wanted(self) -> tuple[str, ...]:
        """Layers asked for, in the order in which they are applied.

        Raises:
            ConfigError: There is no layer of that name, or none is left.
        """
        for name in self.layers:
            if name not in LAYERS:
                raise ConfigError(
                    f"--layers {name}: there is no such layer, but {', '.join(LAYERS)}"
                    + nearest(name, LAYERS)
                )
        chosen = self.layers or (*USUAL, *(("judge",) if self.judge is not None else ()))
        return tuple(name for name in LAYERS if name in chosen)

    def left_out(self) -> dict[str, str]:
        """Why a layer that there is will not be applied."""
        wanted = self.wanted()
        why = {}
        for name in LAYERS:
            if name not in wanted:
                why[name] = "not among --layers" if self.layers else "name a model with --judge"
        if "embedding" in wanted and self.embedder == NO_EMBEDDER:
            why["embedding"] = "left out by --embedder none"
        if "behaviour" in wanted and not self.behaviour:
            why["behaviour"] = "left out by --no-behaviour"
        return why


def split_layers(given: Sequence[str]) -> tuple[str, ...]:
    """Layers as `--layers` gives them: several times, or with commas between."""
    return tuple(name.strip() for text in given for name in text.split(",") if name.strip())


def judge_of(model: str | None, url: str | None, key_env: str | None) -> LLMSettings | None:
    """The model that `--judge` names, behind an OpenAI-compatible server.

    Raises:
        ConfigError: Its server is named, but not the model.
    """
    if model is None:
        if url is not None or key_env is not None:
            raise ConfigError("--judge-url and --judge-key-env are for a model: name it by --judge")
        return None
    key = {} if key_env is None else {"api_key_env": key_env}
    return OpenAILLM(backend="openai", model=model, base_url=url, **key)
