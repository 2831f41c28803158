"""What vLLM is told before it starts, and what can be known of a model without starting it."""

import platform
from collections.abc import Mapping
from typing import Any

from kodgen.config import VLLMLLM
from kodgen.errors import LLMMisconfigured
from kodgen.llm.prompts_as_tokens import Prompts


def engine_arguments(section: VLLMLLM, model: str) -> Mapping[str, Any]:
    """The arguments of vLLM's engine that a section means; its `engine_args` go before all."""
    arguments: dict[str, Any] = {
        "model": model,
        "revision": section.revision,
        "tokenizer_revision": section.revision,
        "tensor_parallel_size": section.tensor_parallel,
        "dtype": section.dtype,
        "quantization": section.quantization,
        "max_model_len": section.context,
        "gpu_memory_utilization": section.gpu_memory,
        "max_num_seqs": section.sequences,
        "trust_remote_code": section.trust_remote_code,
        "enable_prefix_caching": True,
        # Only what a request says is sampled by, never a model's own defaults.
        "generation_config": "vllm",
    }
    if section.tensor_parallel > 1:
        # All its GPUs are of one node: processes beside the engine, not workers of Ray.
        arguments["distributed_executor_backend"] = "mp"
    if section.device == "cpu":
        # vLLM's engine for CPUs dies of a seeded request whose prompt it takes in parts (0.32).
        arguments["enable_chunked_prefill"] = False
    given = {key: value for key, value in arguments.items() if value is not None}
    return given | section.engine_args


def why_no_turn(section: VLLMLLM, model: str, template: str | None) -> str:
    """Why an engine could continue no user's turn; empty where it could. Loads no weights.

    Raises:
        LLMMisconfigured: vLLM is missing here, the model's tokenizer can't be had, or it has no
            chat template.
    """
    try:
        from vllm.tokenizers import get_tokenizer
    except ImportError as error:
        raise LLMMisconfigured(not_installed(error)) from error
    own = section.engine_args
    try:
        tokenizer = get_tokenizer(
            own.get("tokenizer", model),
            tokenizer_mode=own.get("tokenizer_mode", "auto"),
            trust_remote_code=section.trust_remote_code,
            revision=section.revision,
        )
    except Exception as error:
        raise LLMMisconfigured(
            f"llm.model: no tokenizer of {model!r} can be had on that node: {one_line(error)}"
        ) from error
    return Prompts(tokenizer, template, section.chat_template_args).no_turn


def not_installed(error: ImportError) -> str:
    """What to do where vLLM can't be imported."""
    return (
        f"vLLM can't be used on node {platform.node()} ({error}); install it there: "
        "pip install 'kodgen[vllm]'"
    )


def one_line(error: BaseException) -> str:
    """An error in one line of at most 600 characters."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:600]
