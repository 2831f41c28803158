"""What each stage's rows are made by: everything that, changed, could change one of them.

A sealed stage is recalled where its fingerprint and the digest of its input are those of its
manifest; a row's journalled outcome where the row's own fingerprint is. So an edit re-makes what
depends on it and nothing else, and an edit undone finds everything as it was.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kodgen.config import LLMSettings, Pipeline, Subset, attempts_of, writers_of
from kodgen.engine.models import ASKING, sections_of
from kodgen.llm.protocol import Request
from kodgen.methods.registry import method_of
from kodgen.pipeline.identity import identity
from kodgen.records import content_hash
from kodgen.seeds.mixture import counts

LENGTH = 24
"""Hex digits of a fingerprint: 96 bits, so that two of a run never meet by chance."""
SEEDS_VERSION = 2
"""Of how sources are read and drawn from; a change re-draws, which costs nothing."""
SEED_KEYS = ("name", "method", "seeds", "shots")
"""What of a subset decides its draws."""
NOT_SETUP = frozenset({"backend", "model", "raw_completions", "context"})
"""What of a model's section no answer's text depends on, or is part of the request."""


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """The fingerprints of one pipeline's stages.

    Args:
        pipeline: The pipeline.
        prompts: Content hash of each prompt template used, by name; the solve stage's is `solve`.
        versions: Version of each stage, by name.
        inputs: Digests of the files that seeds are read from.
        benchmarks: Digests of the benchmarks' files.
        templates: Digests of the chat templates that models' sections name.
        plugins: Digests of the plug-ins.
        released: Digests of the files of released datasets.
    """

    pipeline: Pipeline
    prompts: Mapping[str, str]
    versions: Mapping[str, int]
    inputs: Mapping[str, str]
    benchmarks: Mapping[str, str]
    templates: Mapping[str, str]
    plugins: Mapping[str, str] = field(default_factory=dict)
    released: Mapping[str, str] = field(default_factory=dict)

    def described(self) -> dict[str, Any]:
        """All of it in words and digests, for people to read and to compare."""
        return {
            **identity(self.pipeline),
            "inputs": dict(self.inputs),
            "benchmark_files": dict(self.benchmarks),
            "released_files": dict(self.released),
            "chat_templates": dict(self.templates),
            "prompts": dict(self.prompts),
            "stage_versions": dict(self.versions),
            "plugin_files": dict(self.plugins),
        }

    def seeds(self, limit: int | None) -> str:
        """Of the draws; `limit` is a preview's, None for a whole run."""
        numbers = counts(self.pipeline)
        subsets = [
            {
                **{key: value for key, value in identity(subset).items() if key in SEED_KEYS},
                "count": numbers[subset.name],
                "variants": subset.variants or method_of(subset.method).variants,
                "llms": [section.model for section in subset.llms],
            }
            for subset in self.pipeline.subsets
        ]
        return _hash(SEEDS_VERSION, self.pipeline.seed, subsets, self.inputs, self.plugins, limit)

    def stage(self, name: str) -> str:
        """Of all rows of a stage together, its input aside."""
        pipeline = self.pipeline
        if name == "deduplicate":
            scopes = [[subset.name, subset.duplicates] for subset in pipeline.subsets]
            section = identity(pipeline.deduplicate)
            return _hash(self.versions[name], section, scopes, self.released)
        if name in {"decontaminate", "recheck"}:
            return _hash(self.versions[name], identity(pipeline.decontaminate), self.benchmarks)
        if name in {"select", "mix"}:
            return _hash(self.versions[name], self._of("prefer" if name == "mix" else name))
        parts = [self._parts(name, subset) for subset in pipeline.subsets]
        if name != "solve":
            return _hash(parts)
        return _hash(parts, pipeline.target and identity(pipeline.target))

    def row(self, name: str) -> Callable[[Any], str]:
        """Of what a row stage makes of one row: a function of that row."""
        of = {subset.name: _hash(self._parts(name, subset)) for subset in self.pipeline.subsets}
        return lambda row: content_hash(of[row.subset], row.model_dump_json(), length=LENGTH)

    def variant(self) -> Callable[[Request], str]:
        """Of an answer, its request aside: how the model is set up, empty where nothing says."""
        of = {
            (stage, section.model, prefill, schema): self._setup(
                section, prefill=prefill, schema=schema
            )
            for stage in ASKING
            for section in sections_of(self.pipeline, stage)
            for prefill in (False, True)
            for schema in (False, True)
        }
        return lambda request: of.get(
            (
                request.id.split("/", 1)[0],
                request.model,
                request.user_prefix is not None,
                request.answer_schema is not None,
            ),
            "",
        )

    def sandbox(self) -> str:
        """Of a verdict, its code aside."""
        return _hash(identity(self.pipeline.sandbox))

    def _parts(self, stage: str, subset: Subset) -> list[Any]:
        """What a row stage's rows of one subset are made by."""
        own: Callable[[Subset], list[Any]] = {
            "synthesize": self._synthesis,
            "annotate": self._annotation,
            "solve": self._solving,
            "restyle": self._restyling,
            "respond": lambda _: self._of("respond", self.prompts.get("respond"), self.sandbox()),
            "crosscheck": lambda _: self._of("crosscheck", self.sandbox()),
            "mutate": lambda _: self._of("mutate", self.sandbox()),
            "prefer": lambda _: self._of("prefer", self.sandbox()),
        }[stage]
        return [subset.name, self.versions[stage], *own(subset)]

    def _synthesis(self, subset: Subset) -> list[Any]:
        method = method_of(subset.method)
        if not method.asks:
            return []
        return [
            self.pipeline.seed,
            [self._model(section) for section in writers_of(self.pipeline, subset)],
            identity(subset.sampling or self.pipeline.synthesize.sampling),
            self.prompts.get(subset.method),
            subset.system,
            subset.prefix if method.prefills else None,
            self.plugins,
        ]

    def _annotation(self, subset: Subset) -> list[Any]:
        section = self.pipeline.annotate
        if section is None or (section.subsets and subset.name not in section.subsets):
            return []
        return [
            self.pipeline.seed,
            self._model(section.llm or self.pipeline.llm),
            identity(section.sampling),
            identity(section.keep),
            self.prompts.get("annotate"),
        ]

    def _solving(self, subset: Subset) -> list[Any]:
        section = self.pipeline.solve
        return [
            self.pipeline.seed,
            self._model(section.llm or self.pipeline.llm),
            identity(section.sampling),
            self.prompts.get("solve"),
            attempts_of(self.pipeline, subset.name),
            self.sandbox(),
        ]

    def _restyling(self, subset: Subset) -> list[Any]:
        section = self.pipeline.restyle
        if section is None or (section.subsets and subset.name not in section.subsets):
            return []
        return self._of("restyle", self.prompts.get("restyle"), self.sandbox())

    def _of(self, name: str, *others: Any) -> list[Any]:
        """What a stage with an optional section is made by: seed, section, model and others."""
        section = getattr(self.pipeline, name)
        own = {key: value for key, value in identity(section).items() if key != "llm"}
        models = [self._model(model) for model in sections_of(self.pipeline, name)]
        return [self.pipeline.seed, own, models, *others]

    def _setup(self, section: LLMSettings, *, prefill: bool, schema: bool) -> str:
        setup = {key: value for key, value in identity(section).items() if key not in NOT_SETUP}
        fields = type(section).model_fields
        settings = {
            key: value
            for key, value in setup.items()
            if value != fields[key].get_default(call_default_factory=True)
        }
        if not prefill:
            settings.pop("user_turn", None)
        if not schema:
            settings.pop("json_schema", None)
        if "chat_template" in settings:
            settings["chat_template"] = self.templates.get(str(settings["chat_template"]))
        return _hash(settings) if settings else ""

    def _model(self, section: LLMSettings) -> list[Any]:
        template = getattr(section, "chat_template", None)
        return [identity(section), self.templates.get(str(template))]


def _hash(*parts: Any) -> str:
    return content_hash(json.dumps(parts, sort_keys=True, ensure_ascii=False), length=LENGTH)
