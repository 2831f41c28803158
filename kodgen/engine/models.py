"""The models of a build: opened once for all stages that share one, closed after the last."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from kodgen.config import VLLMLLM, LLMSettings, Pipeline, writers_of
from kodgen.engine.accounting import gpus_of
from kodgen.engine.asking.asker import Asker
from kodgen.engine.asking.endpoint import Endpoint
from kodgen.engine.asking.opening import open_endpoints
from kodgen.engine.asking.replicas import Replica
from kodgen.engine.asking.routes import Routes
from kodgen.engine.cluster import Cluster
from kodgen.engine.gpu_watch import GpuUse
from kodgen.engine.stopping import Stop
from kodgen.engine.store.completions import CompletionStore
from kodgen.llm.protocol import LLM
from kodgen.methods.registry import method_of

ASKING = ("synthesize", "annotate", "solve", "restyle", "respond")
"""Stages with a model, in their order; a pipeline need not have all of them."""

ANY_NUMBER = 10**9
"""Samples in flight at a backend that has no limit."""


def sections_of(pipeline: Pipeline, stage: str) -> tuple[LLMSettings, ...]:
    """The sections of a stage's models, no two of one name; none where it is not to be done."""
    if stage == "synthesize":
        asked = [subset for subset in pipeline.subsets if method_of(subset.method).asks]
        writers = [section for subset in asked for section in writers_of(pipeline, subset)]
        return tuple({section.model: section for section in writers}.values())
    if stage not in ASKING:
        return ()
    own = getattr(pipeline, stage)
    return () if own is None else (own.llm or pipeline.llm,)


def _takes_gpus(section: LLMSettings) -> bool:
    return isinstance(section, VLLMLLM) and section.device == "gpu"


@dataclass(frozen=True, slots=True)
class _Opened:
    section: LLMSettings
    asker: Asker
    engines: Sequence[Replica]
    gpus: GpuUse

    async def close(self) -> None:
        await self.gpus.close()
        await self.asker.close()


class Models:
    """Askers by the section of the pipeline file that they are for.

    Args:
        pipeline: The pipeline.
        store: Where answers are kept.
        cluster: Where engines of kodgen's own are placed.
        stop: Says when nothing new is to be asked.
        stack: Closes at last what is still open.
        after_answer: Called after each answer that was stored.
        instead: Makes a backend to ask in the place of the one that a section names.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        store: CompletionStore,
        cluster: Cluster,
        stop: Stop,
        stack: AsyncExitStack,
        after_answer: Callable[[], None] = lambda: None,
        instead: Callable[[LLMSettings], LLM] | None = None,
    ) -> None:
        self._pipeline = pipeline
        self._store = store
        self._cluster = cluster
        self._stop = stop
        self._after_answer = after_answer
        self._instead = instead
        self._opened: dict[str, _Opened] = {}
        stack.push_async_callback(self.close)

    def sections(self, stage: str) -> tuple[LLMSettings, ...]:
        """The sections of a stage's models."""
        return sections_of(self._pipeline, stage)

    async def open(self, stage: str) -> Routes:
        """The askers of a stage's models, opened where they are not yet.

        Nothing is connected to and no engine loads its model before the first request that no
        stored answer holds for.

        Raises:
            InputError: A file of recorded completions is missing or malformed.
            LLMMisconfigured: There is no key, a server's URL is none, or no node has room for an
                engine.
        """
        sections = self.sections(stage)
        return Routes({one.model: await self._open(one, stage) for one in sections})

    async def _open(self, section: LLMSettings, stage: str) -> Asker:
        key = self._key(section, stage)
        if key not in self._opened:
            if self._instead is not None:
                endpoints = [Endpoint(self._instead(section), ANY_NUMBER, adaptive=False)]
            else:
                sharing = self._sharing(section, stage)
                endpoints = await open_endpoints(
                    section, self._pipeline.base, self._cluster, sharing
                )
            asker = Asker(endpoints, section, self._store, self._stop, self._after_answer)
            engines = [one.llm for one in endpoints if isinstance(one.llm, Replica)]
            self._opened[key] = _Opened(section, asker, engines, GpuUse(engines))
        return self._opened[key].asker

    def _key(self, section: LLMSettings, stage: str) -> str:
        # A model that shares its GPUs with others in one stage may have more of them in another.
        return f"{self._sharing(section, stage)} {section.model_dump_json()}"

    def _sharing(self, section: LLMSettings, stage: str) -> int:
        """Models of a stage whose engines take GPUs beside a section's own, and it."""
        if not _takes_gpus(section):
            return 1
        return sum(_takes_gpus(one) for one in self.sections(stage))

    def held(self) -> Iterator[tuple[LLMSettings, int]]:
        """Every section that is open, with the GPUs that its engines hold."""
        for one in self._opened.values():
            yield one.section, gpus_of(one.section, sum(engine.placed for engine in one.engines))

    def gpu_use(self, stage: str) -> float | None:
        """Share of time that the GPUs of a stage's models are at work; None if nothing tells."""
        keys = [self._key(section, stage) for section in self.sections(stage)]
        opened = [self._opened[key] for key in keys if key in self._opened]
        shares = [one.gpus.share for one in opened if one.gpus.share is not None]
        return sum(shares) / len(shares) if shares else None

    async def release(self, stage: str, later: tuple[str, ...]) -> None:
        """A stage is done: let go of its models that no later stage uses."""
        wanted = {self._key(section, one) for one in later for section in self.sections(one)}
        for section in self.sections(stage):
            key = self._key(section, stage)
            if key in self._opened and key not in wanted:
                await self._opened.pop(key).close()

    async def close(self) -> None:
        """Let go of all."""
        while self._opened:
            _, opened = self._opened.popitem()
            await opened.close()
