"""Asks a language model whether rows and benchmarks' tasks are the same, many at a time."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kodgen.config import LLMSettings
from kodgen.contamination.compared import Compared
from kodgen.contamination.layers import judge
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.task import BenchmarkTask
from kodgen.engine.asking.asker import Asker
from kodgen.engine.asking.opening import open_endpoints
from kodgen.engine.prompt_files import load_prompts
from kodgen.engine.store.completions import CompletionStore
from kodgen.errors import LLMError, LLMMisconfigured, LLMRefusal
from kodgen.llm.protocol import Completion, Request
from kodgen.prompts import Prompt
from kodgen.resources import shipped

if TYPE_CHECKING:
    from kodgen.engine.cluster import Cluster


async def run_judge(
    pairs: Sequence[tuple[AuditedRow, BenchmarkTask]],
    section: LLMSettings,
    store: Path,
    *,
    prompt: Prompt | None = None,
    base: Path = Path(),
    cluster: "Cluster | None" = None,
    seed: int = 0,
    after_pair: Callable[[], None] = lambda: None,
) -> list[Compared]:
    """What a model says of each pair of a row and a task, in their order.

    Every answer is stored before it counts, so that the same call again asks for none twice. A
    request that is refused, or has no answer, is a reason why its pair is unseen.

    Args:
        pairs: Rows and the tasks to compare them with.
        section: The model.
        store: File that keeps its answers; made if missing.
        prompt: Template; the shipped one if None.
        base: Folder that relative paths of `section` start from.
        cluster: Where engines of kodgen's own are placed; needed for a `vllm` section alone.
        seed: Seeds of the requests are derived from it.
        after_pair: Called after each pair.

    Raises:
        InputError: A file of recorded completions is missing or malformed.
        LLMMisconfigured: No request will ever be answered: there is no key, or no such model.
        RunDirectoryError: The store is broken or can't be written.
    """
    template = prompt or load_prompts(shipped("prompts"))[judge.PROMPT]
    completions = CompletionStore(store)
    try:
        asker = Asker(await open_endpoints(section, base, cluster), section, completions)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(_pair(asker, row, task, section.model, template, seed))
                    for row, task in pairs
                ]
                for one in tasks:
                    one.add_done_callback(lambda _: after_pair())
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None
        finally:
            await asker.close()
    finally:
        completions.close()
    return [task.result() for task in tasks]


async def _pair(
    asker: Asker, row: AuditedRow, task: BenchmarkTask, model: str, prompt: Prompt, seed: int
) -> Compared:
    wanted = judge.requests(row, task, model, prompt, seed)
    if isinstance(wanted, str):
        return Compared(unseen=wanted)
    answers = await asyncio.gather(*(_ask(asker, request) for request in wanted))
    return judge.compared(row, task, answers)


async def _ask(asker: Asker, request: Request) -> Completion | str:
    try:
        return await asker.complete(request, priority=0)
    except LLMRefusal:
        return "refused"
    except LLMMisconfigured:
        raise
    except LLMError:
        return "unanswered"
