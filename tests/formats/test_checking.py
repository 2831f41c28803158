"""Formats that a pipeline gives no rows to."""

import pytest

from kodgen.config import Pipeline
from kodgen.formats.checking import check_formats


def mistakes(formats, **sections):
    data = {
        "name": "small",
        "llm": {"backend": "recorded", "paths": ["c.jsonl"], "model": "m"},
        "subsets": [{"name": "A", "method": "given", "seeds": [{"path": "q.csv"}]}],
        "export": {"formats": formats},
    }
    return list(check_formats(Pipeline.model_validate(data | sections)))


def test_what_is_made_from_triplets_needs_no_stage():
    assert not mistakes(["kodcode", "verl_rl", "trl_sft", "alpaca"])


@pytest.mark.parametrize(
    ("name", "section", "what"),
    [("trl_dpo", "prefer", "pairs"), ("kodcode_sft", "respond", "responses")],
)
def test_a_stage_that_is_left_out_is_told(name, section, what):
    ((keys, said),) = mistakes(["kodcode", name])
    assert keys == ("export", "formats", 1)
    assert f"made from {what}" in said
    assert f"section `{section}`" in said
    assert not mistakes(["kodcode", name], **{section: {}})
