"""An answer of several samples, taken apart into answers of one each."""

import itertools
import json
from collections.abc import Mapping, Sequence
from typing import Any

from kodgen.llm.batch_format import MalformedBodyError, excerpt


def split_choices(body: object) -> list[dict[str, Any]]:
    """Bodies of one choice each from a body of several, in the order of their `index`.

    Written tokens are shared out by the length of the texts, so that the shares add up to what
    the server counted; the prompt's are all the first one's.

    Raises:
        MalformedBodyError: It is no completion; the message names the field.
    """
    if not isinstance(body, Mapping) or not isinstance(body.get("choices"), list):
        raise MalformedBodyError(f"choices: expected a list of choices, got {excerpt(body)}")
    choices = body["choices"]
    if not all(isinstance(one, Mapping) and isinstance(one.get("index"), int) for one in choices):
        raise MalformedBodyError(f"choices: expected an index in each, got {excerpt(choices)}")
    choices = sorted(choices, key=lambda one: one["index"])
    bodies = [{**body, "choices": [one]} for one in choices]
    usage = body.get("usage")
    written = usage.get("completion_tokens") if isinstance(usage, Mapping) else None
    if isinstance(usage, Mapping) and isinstance(written, int):
        lengths = [len(json.dumps(one.get("message", one.get("text")))) for one in choices]
        for number, (one, share) in enumerate(zip(bodies, shares(written, lengths), strict=True)):
            prompt = usage.get("prompt_tokens") if number == 0 else 0
            one["usage"] = {"prompt_tokens": prompt, "completion_tokens": share}
    return bodies


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """Split a count by weight, as whole numbers that add up to it (each end rounded down)."""
    whole = max(sum(weights), 1)
    ends = [0]
    for weight in weights:
        ends.append(ends[-1] + weight)
    bounds = [total * end // whole for end in ends]
    return [after - before for before, after in itertools.pairwise(bounds)]
