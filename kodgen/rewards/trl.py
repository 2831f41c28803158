"""TRL's reward function, for `GRPOTrainer(reward_funcs=[reward])`."""

import asyncio
from collections.abc import Sequence
from typing import Any

from kodgen.rewards.grading import grader


async def reward(
    completions: Sequence[str | Sequence[dict[str, str]]],
    ground_truth: Sequence[str],
    **_columns: Any,
) -> list[float]:
    """1.0 for each answer that passes all tests, 0.0 for others; many run at a time.

    Args:
        completions: The answers, as texts or as chats that end with them.
        ground_truth: The column of that name.

    Raises:
        KodgenError: As `Grader.score` does.
    """
    one = grader()
    answers = [text if isinstance(text, str) else text[-1]["content"] for text in completions]
    pairs = zip(answers, ground_truth, strict=True)
    return list(await asyncio.gather(*(one.score_async(*pair) for pair in pairs)))
