"""What is said of models' terms."""

import pytest

from kodgen.hub.model_terms import terms_of


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("gpt-4o-2024-08-06", "OpenAI's terms of use"),
        ("openai/gpt-oss-120b", "open weights"),
        ("o3-mini", "OpenAI's terms of use"),
        ("meta-llama/Llama-3.1-70B-Instruct", "Built with Llama"),
        ("Qwen/QwQ-32B", "Qwen"),
        ("Qwen2.5-Coder-7B-Instruct", "Qwen"),
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", "terms of their base"),
        ("google/gemma-2-27b-it", "Gemma"),
        ("mistralai/Mixtral-8x7B-Instruct-v0.1", "Mistral"),
        ("claude-sonnet-4", "Anthropic"),
        ("acme/robot1", "not known to kodgen"),
    ],
)
def test_families(model, said):
    assert said in terms_of([model], {})[model]


def test_the_owner_comes_first_and_each_model_once():
    given = {"gpt-4o": "Bought with a licence for this."}
    terms = terms_of(["gpt-4o", "b", "gpt-4o"], given)
    assert list(terms) == ["b", "gpt-4o"]
    assert terms["gpt-4o"] == given["gpt-4o"]
