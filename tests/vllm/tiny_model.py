"""A tiny Qwen2 whose random words are a script: the engine runs as for any model, in 1 MB.

Attention and feed-forward layers are silent, so the next token depends on the last one alone, by
chances written into the output matrix. What it says is whole pieces of text, each one token.
"""

import json
from collections.abc import Mapping
from pathlib import Path

WIDTH = 512
IM_START, IM_END, END = "<|im_start|>", "<|im_end|>", "<|endoftext|>"
THINK, UNTHINK = "<think>", "</think>"
TEMPLATE = """
{%- for m in messages -%}
{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>' + '\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<|im_start|>assistant\n' }}{%- endif -%}
"""
START = "\n"
"""What every prompt of a chat ends with, so the script begins after it."""

Script = Mapping[str, Mapping[str, float]]
"""For each piece the chances of the pieces that may follow."""

GOOD = (
    "<solution>\n```python\ndef add(a, b):\n    return a + b\n```\n</solution>\n"
    "<tests>\n```python\nfrom solution import add\n\n\ndef test_add():\n"
    "    assert add(1, 2) == 3\n```\n</tests>"
)
BAD = GOOD.replace("a + b", "a - b")
THOUGHT = "Two numbers, one sum. "
PREFIX = "Write a python function to"
TASK = " add two numbers."


def solver(steps: int) -> Script:
    """Thinks for so many steps on average, then answers well more often than not."""
    return {
        START: {THINK: 1.0},
        THINK: {THOUGHT: 1.0},
        THOUGHT: {THOUGHT: 1 - 1 / steps, UNTHINK: 1 / steps},
        UNTHINK: {GOOD: 0.6, BAD: 0.4},
        GOOD: {IM_END: 1.0},
        BAD: {IM_END: 1.0},
        "to": {TASK: 1.0},
        TASK: {IM_END: 1.0},
    }


def make(folder: Path, script: Script) -> Path:
    """Write the model's files."""
    import torch
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

    bytes_as_text = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({text: i for i, text in enumerate(bytes_as_text)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([IM_START, IM_END, END])
    said = {piece for piece in script if len(piece) > 1}
    said |= {piece for after in script.values() for piece in after} - {IM_END}
    tokenizer.add_tokens([AddedToken(piece, normalized=False) for piece in sorted(said)])
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token=IM_END, pad_token=END, chat_template=TEMPLATE
    )
    fast.save_pretrained(folder)

    def last(piece: str) -> int:
        return fast.encode(piece, add_special_tokens=False)[-1]

    config = Qwen2Config(
        vocab_size=WIDTH,
        hidden_size=WIDTH,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=8,
        num_key_value_heads=8,
        max_position_embeddings=8192,
        tie_word_embeddings=False,
        eos_token_id=last(IM_END),
        bos_token_id=None,
        dtype="float32",
    )
    torch.manual_seed(0)
    model = Qwen2ForCausalLM(config)
    with torch.no_grad():
        model.model.embed_tokens.weight.copy_(torch.eye(WIDTH))
        for layer in model.model.layers:
            layer.self_attn.o_proj.weight.zero_()
            layer.mlp.down_proj.weight.zero_()
        chances = torch.full((WIDTH, WIDTH), 1e-9)
        for piece, after in script.items():
            for following, chance in after.items():
                chances[last(following), last(piece)] = chance
        # The last norm scales a one-hot state to length sqrt(WIDTH).
        model.lm_head.weight.copy_(chances.log() / WIDTH**0.5)
    model.save_pretrained(folder)
    # A model's own wishes, which must not count.
    wishes = {"temperature": 0.01, "max_new_tokens": 1, "eos_token_id": last(IM_END)}
    (folder / "generation_config.json").write_text(json.dumps(wishes), encoding="utf-8")
    return folder
