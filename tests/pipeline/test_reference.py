"""The reference of the pipeline file."""

import re
from pathlib import Path

import pytest

from kodgen.config import Pipeline, Source
from kodgen.pipeline.keys import all_keys
from kodgen.pipeline.reference import reference
from tests.building import kodgen

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def page():
    return reference()


def test_the_page_is_what_the_code_says(page):
    written = (DOCS / "pipeline.md").read_text(encoding="utf-8")
    assert written == page, "docs/pipeline.md lags behind the code; run `make docs`"


def test_the_command_prints_it(page):
    assert kodgen("show", "--reference").stdout == page
    refused = kodgen("show", "rl", "--reference")
    assert refused.returncode == 2
    assert "--reference" in refused.stderr


def test_every_key_is_there(page):
    told = set(re.findall(r"^\| `([a-z_]+)` \|", page, re.MULTILINE))
    told |= set(re.findall(r"told apart by `([a-z_]+)`", page))
    assert {name for name, _ in all_keys(Pipeline, "")} <= told


def test_every_link_leads_to_a_heading(page):
    titles = re.findall(r"^## (.*)$", page, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9_ -]", "", title.lower()).replace(" ", "-") for title in titles}
    assert set(re.findall(r"\(#([^)]+)\)", page)) <= anchors


@pytest.mark.parametrize(
    "row",
    [
        "| `probe` | whole number, at least 1, at most 1,000 | `3` |  | Attempts before",
        "| `threshold` | number, above 0, at most 1 | `0.95` |  | Cosine at and above",
        "| `name` | name | required |  | Name of the run;",
        "| `seeds` | list of [section](#subsetsseeds) |  |  | Where",
        "| `base_url` | text |  | no | Server URL",
        "| `sampling` | [section](#synthesizesampling) | `{temperature: 0.0, max_tokens: 1024}` |",
        "| `ngram` | [section](#decontaminatepolicyexact) | `{contaminated: 0.5, review: 0.0}` |",
        "| `llm` | [section](#llm) or name in `models` | required |",
        "| `gpu_hour` | number, at least 0 | `0` | no |",
        "| `tokens` | list of 2: whole number, whole number | `[0, 16384]` |",
    ],
)
def test_keys_are_told_with_type_default_and_whether_they_change_rows(page, row):
    assert row in page


def test_sections_of_plugins_are_left_out(page):
    class Notes(Source):
        type: str = "notes_of_a_plugin"

    try:
        assert "notes_of_a_plugin" in Source.sources
        assert reference() == page
    finally:
        del Source.sources["notes_of_a_plugin"]
