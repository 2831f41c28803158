"""The models of a build: opened once for all stages that share one, closed after the last."""

from collections.abc import Callable
from contextlib import AsyncExitStack

from kodgen.config import LLMSettings, Pipeline
from kodgen.engine.asking.asker import Asker
from kodgen.engine.store.completions import CompletionStore
from kodgen.llm.backends import open_llm


class Models:
    """Askers by the section of the pipeline file that they are for.

    Args:
        pipeline: The pipeline.
        store: Opens where answers are kept.
        stack: Closes at last what is still open.
    """

    def __init__(
        self, pipeline: Pipeline, store: Callable[[], CompletionStore], stack: AsyncExitStack
    ) -> None:
        self._pipeline = pipeline
        self._store = store
        self._askers: dict[LLMSettings, Asker] = {}
        stack.push_async_callback(self.close)

    def section(self, stage: str) -> LLMSettings:
        """The section of a row stage's model."""
        stages = {"synthesize": self._pipeline.synthesize, "solve": self._pipeline.solve}
        return stages[stage].llm or self._pipeline.llm

    async def open(self, stage: str) -> Asker:
        """The asker of a stage's model, opened where it is not yet.

        Raises:
            InputError: A file of recorded completions is missing or malformed.
            LLMMisconfigured: There is no key, or the server's URL is none.
        """
        section = self.section(stage)
        if section not in self._askers:
            llm = open_llm(section, self._pipeline.base)  # type: ignore[arg-type]
            self._askers[section] = Asker(llm, section, self._store())  # type: ignore[arg-type]
        return self._askers[section]

    async def release(self, stage: str, later: tuple[str, ...]) -> None:
        """A stage is done: let go of its model unless a later stage uses the same."""
        section = self.section(stage)
        if section in self._askers and all(self.section(one) != section for one in later):
            await self._askers.pop(section).close()

    async def close(self) -> None:
        """Let go of all."""
        while self._askers:
            _, asker = self._askers.popitem()
            await asker.close()
