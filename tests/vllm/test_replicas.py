"""Engines as Ray actors that take GPUs; Ray believes that the GPUs are there."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from kodgen import config
from kodgen.engine.asking.replicas import open_replicas
from kodgen.engine.cluster import Cluster
from kodgen.errors import LLMFault
from tests.processes import named
from tests.vllm.test_engine import chat, section
from tests.vllm.tiny_model import BAD, GOOD, PREFIX, TASK

GPUS = 1


@pytest.fixture
def gpus():
    """The address of a cluster with a GPU, in words."""
    from ray.cluster_utils import Cluster as Nodes

    head = {"num_cpus": 2, "num_gpus": GPUS, "include_dashboard": False}
    nodes = Nodes(initialize_head=True, head_node_args=head)
    yield nodes.address
    nodes.shutdown()


def free() -> float:
    import ray

    return ray.available_resources().get("GPU", 0.0)


def engine_processes() -> set[int]:
    return set(named("EngineCor", part=True))


async def until(condition) -> None:
    for _ in range(600):
        if condition():
            return
        await asyncio.sleep(0.2)
    raise AssertionError("it never came true")


def test_an_engine_takes_its_gpu_answers_outlives_its_process_and_gives_the_gpu_back(tiny, gpus):
    before = engine_processes()

    def own() -> set[int]:
        return engine_processes() - before

    async def life() -> None:
        cluster = Cluster(config.Sandbox(), gpus)
        try:
            (replica,) = await open_replicas(section(tiny, device="gpu"), Path(), cluster)
            assert replica.can_prefill
            assert free() == GPUS, "nothing is taken before the engine is needed"
            with pytest.raises(LLMFault, match="not been started"):
                await replica.complete(chat())
            await replica.start()
            assert free() == 0
            first = await replica.complete(chat())
            assert first.text in {GOOD, BAD}
            together = await replica.complete_together([chat(number) for number in range(4)])
            assert [one.request_id for one in together] == [f"solve/q/{n}" for n in range(4)]
            begun = chat().model_copy(update={"messages": (), "user_prefix": PREFIX})
            assert (await replica.complete(begun)).text == TASK

            left = asyncio.create_task(
                replica.complete_together([chat(text="Think long.", stop=("never",))] * 8)
            )
            await asyncio.sleep(0.3)
            left.cancel()
            await asyncio.gather(left, return_exceptions=True)
            for _ in range(20):
                await replica.complete(chat())
                if (await replica.stats()).running == 0:
                    break
            else:
                raise AssertionError("the engine writes what nobody waits for")

            under_way = asyncio.create_task(
                replica.complete_together([chat(text="Think long.", stop=("never",))] * 8)
            )
            for pid in own():
                os.kill(pid, signal.SIGKILL)
            with pytest.raises(LLMFault, match="died"):
                await under_way
            patient = False
            async with asyncio.timeout(240):
                while True:
                    try:
                        again = await replica.complete(chat())
                        break
                    except LLMFault as fault:
                        patient = patient or fault.busy
                        await asyncio.sleep(0.5)
            assert patient, "a load in progress asks for patience"
            assert again == first
            assert (await replica.stats()).waiting == 0
            await replica.close()
            await until(lambda: free() == GPUS and not own())
        finally:
            await cluster.close()

    asyncio.run(life())
