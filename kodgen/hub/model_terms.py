"""What the terms of models say of training on their output, by family.

A hint for the owner, not advice: terms change and differ between a provider's service and weights
that one runs oneself. Each line names where to look.
"""

import re
from collections.abc import Iterable, Mapping

_FAMILIES: tuple[tuple[str, str], ...] = (
    (
        r"gpt-oss",
        (
            "OpenAI's open weights, under Apache-2.0 with a usage policy; its output is not "
            "restricted by the licence (https://huggingface.co/openai/gpt-oss-120b)."
        ),
    ),
    (
        r"\b(gpt-|chatgpt|o[134](-|$)|codex|davinci)",
        (
            "OpenAI's terms of use forbid using output to develop models that compete with OpenAI "
            "(https://openai.com/policies/row-terms-of-use)."
        ),
    ),
    (
        r"claude",
        (
            "Anthropic's terms forbid using the service to develop models that compete with it "
            "(https://www.anthropic.com/legal/commercial-terms)."
        ),
    ),
    (
        r"gemini",
        (
            "Google's terms for the Gemini API forbid using it to develop models that compete "
            "with it (https://ai.google.dev/gemini-api/terms)."
        ),
    ),
    (
        r"gemma",
        (
            "The Gemma terms of use (https://ai.google.dev/gemma/terms) treat a model trained on "
            "Gemma's output to perform like Gemma as a derivative, to which they apply; newer "
            "releases may be under Apache-2.0: see the model's card."
        ),
    ),
    (
        # Distilled models carry the name of what they were made from as well.
        r"deepseek",
        (
            "DeepSeek's licence and API terms allow its output to be used for training, "
            "distillation included (https://www.deepseek.com); distilled models add the terms of "
            "their base."
        ),
    ),
    (
        r"llama",
        (
            "Meta's Llama community licences apply: from Llama 3.1 on, a model trained on its "
            'output carries "Llama" at the beginning of its name and "Built with Llama"; earlier '
            "ones forbid improving other models with it (https://www.llama.com/license)."
        ),
    ),
    (
        r"\bqw(en|q)",
        (
            'Most Qwen models are under Apache-2.0. Those under the Qwen licences ask for "Built '
            'with Qwen" or "Improved using Qwen" where a model is trained on their output, or are '
            "for research only: see the model's card (https://huggingface.co/Qwen)."
        ),
    ),
    (
        r"(mi[sx]tral|codestral|devstral|magistral|ministral)",
        (
            "Mistral's open models are under Apache-2.0; those under its research or "
            "non-production licences, and its API, restrict training on output: see the model's "
            "card (https://mistral.ai/terms)."
        ),
    ),
)


def terms_of(models: Iterable[str], given: Mapping[str, str]) -> dict[str, str]:
    """A line on the terms of each model, by its name in order.

    Args:
        models: Names as pipelines have them.
        given: What the owner says, by name; comes first.
    """
    return {name: given.get(name) or _known(name) for name in sorted(set(models))}


def _known(name: str) -> str:
    for pattern, line in _FAMILIES:
        if re.search(pattern, name, re.IGNORECASE):
            return line
    return "Its terms are not known to kodgen; see its provider's before training on these rows."
