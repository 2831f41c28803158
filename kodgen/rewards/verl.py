"""verl's reward function (`custom_reward_function.name`: `compute_score`)."""

from collections.abc import Mapping
from typing import Any

from kodgen.rewards.grading import grader


def compute_score(
    data_source: str,  # noqa: ARG001
    solution_str: str,
    ground_truth: str,
    extra_info: Mapping[str, Any] | None = None,  # noqa: ARG001
    *,
    sandbox: Mapping[str, Any] | None = None,
    **_given: Any,
) -> float:
    """1.0 where an answer passes all tests, 0.0 where not.

    Args:
        data_source: Unused; every row is kodgen's.
        solution_str: The answer.
        ground_truth: `reward_model.ground_truth` of the row.
        extra_info: Unused.
        sandbox: Keys of a pipeline's `sandbox` section; give them as
            `custom_reward_function.reward_kwargs`.

    Raises:
        KodgenError: As `Grader.score` does.
    """
    return grader(sandbox).score(solution_str, ground_truth)
