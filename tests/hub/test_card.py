"""The head of a card where the Hub has no name for the licence, and papers beside it."""

import yaml

from kodgen.config import Release
from kodgen.hub.card import card
from kodgen.hub.facts import Audited, Config, Facts, SeedSource, Split
from kodgen.hub.licences import Settled
from kodgen.hub.papers import citation, licence_text


def facts(licence, **changes):
    split = Split("train", ("kodcode/train-00000-of-00001.parquet",), 3, 90, 40)
    values = {
        "name": "crates",
        "repo": "me/crates",
        "version": "v1.2.0",
        "kodgen": {"version": "0.1.0"},
        "pipeline": {},
        "says": Release(maintainer="The Group", contact="https://example.org"),
        "license": Settled(licence, "why", {licence: 3}),
        "configs": (Config("kodcode", "Rows.", (split,), ({"name": "a", "dtype": "string"},)),),
        "questions": 3,
        "subsets": {"a": 3},
        "difficulties": {"easy": 3},
        "styles": {"instruct": 3},
        "isolation": {"namespaces": 3},
        "coverage": None,
        "measures": {},
        "models": {"solutions": {"m": 3}},
        "terms": {"m": "None known."},
        "sources": (SeedSource("code", 3, {licence: 3}, "https://example.org/code"),),
        "stages": (),
        "audited": Audited(3, 0, 0, ("exact",), {}, "hashing", ()),
        "left_out": 0,
    }
    return Facts(**(values | changes))


def head(text):
    return yaml.safe_load(text.split("---\n")[1])


def test_a_licence_that_the_hub_has_no_name_for():
    told = head(card(facts("0BSD")))
    assert (told["license"], told["license_name"], told["license_link"]) == (
        "other",
        "0bsd",
        "LICENSE",
    )
    assert head(card(facts("GPL-3.0-only")))["license"] == "gpl-3.0"


def test_papers_name_licence_sources_and_maintainer():
    text = licence_text(facts("CC-BY-4.0"))
    assert text.startswith("SPDX-License-Identifier: CC-BY-4.0\n")
    assert "- code (CC-BY-4.0, https://example.org/code)" in text
    cited = yaml.safe_load(citation(facts("CC-BY-4.0")))
    assert cited["authors"] == [{"name": "The Group"}]
    assert (cited["version"], cited["license"]) == ("1.2.0", "CC-BY-4.0")
    assert "license" not in yaml.safe_load(citation(facts("Our-Own-1.0")))


def test_changes_are_a_section_of_their_own():
    assert "## Changes\n\nOne row more." in card(facts("MIT"), "One row more.")
    assert "## Changes" not in card(facts("MIT"))
