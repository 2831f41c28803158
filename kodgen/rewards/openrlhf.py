"""OpenRLHF's reward function (`--reward.remote_url reward_kodgen.py`)."""

from collections.abc import Sequence
from typing import Any

from kodgen.rewards.grading import grader


def reward_func(
    queries: Sequence[str], prompts: Sequence[str], labels: Sequence[str], **_given: Any
) -> dict[str, Any]:
    """1.0 for an answer that passes all tests, 0.0 where not.

    Args:
        queries: Prompts with their answers.
        prompts: The prompts alone, which the queries begin with.
        labels: Ground truths.

    Raises:
        KodgenError: As `Grader.score` does.
    """
    import torch

    scores = [
        grader().score(query.removeprefix(prompt), label)
        for query, prompt, label in zip(queries, prompts, labels, strict=True)
    ]
    rewards = torch.tensor(scores)
    return {"rewards": rewards, "scores": rewards, "extra_logs": {"passed": rewards}}
