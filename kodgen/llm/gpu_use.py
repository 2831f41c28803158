"""How busy the GPUs of this process are, as their driver tells."""

import importlib
import os
from typing import Any


def gpu_use() -> tuple[float, ...]:
    """Share of the last second that each of this process's GPUs was at work, from 0 to 1.

    Empty where there is no GPU, or nothing that could tell. "This process's" are the ones that
    `CUDA_VISIBLE_DEVICES` names; all of the machine where it is not set.
    """
    nvml = _nvml()
    if nvml is None:
        return ()
    try:
        nvml.nvmlInit()
        try:
            return tuple(
                nvml.nvmlDeviceGetUtilizationRates(_handle(nvml, name)).gpu / 100
                for name in visible(os.environ.get("CUDA_VISIBLE_DEVICES"), _count(nvml))
            )
        finally:
            nvml.nvmlShutdown()
    except (nvml.NVMLError, ValueError):
        return ()


def visible(setting: str | None, count: int) -> list[str]:
    """The GPUs that a value of `CUDA_VISIBLE_DEVICES` names: numbers, or ids beginning `GPU-`."""
    if setting is None:
        return [str(number) for number in range(count)]
    return [name.strip() for name in setting.split(",") if name.strip()]


def _handle(nvml: Any, name: str) -> Any:
    if name.isdigit():
        return nvml.nvmlDeviceGetHandleByIndex(int(name))
    return nvml.nvmlDeviceGetHandleByUUID(name)


def _count(nvml: Any) -> int:
    return int(nvml.nvmlDeviceGetCount())


def _nvml() -> Any:
    """NVIDIA's library for Python, or vLLM's copy of it."""
    for name in ("pynvml", "vllm.third_party.pynvml"):
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None
