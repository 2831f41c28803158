"""The pages for people: what they name is there."""

import re
import shlex
from pathlib import Path
from typing import get_args

import click
import pytest

from kodgen.cli import cli
from kodgen.config import Criterion
from kodgen.formats.registry import FORMATS
from kodgen.parse.completion.fault import Reason
from kodgen.pipeline.file import shipped_pipelines

TOP = Path(__file__).resolve().parents[1]
PAGES = [TOP / "README.md", TOP / "CONTRIBUTING.md", *sorted((TOP / "docs").glob("*.md"))]
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)?(?:#([^)\s]+))?\)")
BLOCK = re.compile(r"^```\w*\n(.*?)^```|((?:^ {4}[^\n]*\n)+)", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^ *(kodgen (?:.*\\\n)*.*)$", re.MULTILINE)
SPAN = re.compile(r"(?<!`)`(kodgen [^`]+)`(?!`)")
SHELL = {"|", ">", ";", "&&"}


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", text(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def commands(page: Path) -> list[list[str]]:
    blocks = [fenced or indented for fenced, indented in BLOCK.findall(text(page))]
    lines = COMMAND.findall("\n".join(blocks)) + SPAN.findall(BLOCK.sub("", text(page)))
    found = []
    for line in lines:
        words = shlex.split(line.replace("\\\n", " "), comments=True)[1:]
        ends = [number for number, word in enumerate(words) if word in SHELL]
        found.append(words[: ends[0]] if ends else words)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for place, anchor in LINK.findall(text(page)):
        target = page.parent / place if place else page
        assert target.exists(), f"{page.name} links to {place}"
        assert not anchor or anchor in anchors(target), f"{page.name} links to {place}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_their_options_are_there(page: Path) -> None:
    for words in commands(page):
        command: click.Command = cli
        while isinstance(command, click.Group) and words and not words[0].startswith("-"):
            assert words[0] in command.commands, f"{page.name}: kodgen {' '.join(words)}"
            command = command.commands[words.pop(0)]
        known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
        known |= {"-h", "--help"}
        given = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert given <= known, f"{page.name}: kodgen {command.name} {' '.join(words)}"


def test_commands_are_found() -> None:
    assert ["audit", "data.jsonl"] in [words[:2] for words in commands(TOP / "README.md")]
    assert sum(len(commands(page)) for page in PAGES) > 30


def test_the_readme_leads_to_every_page() -> None:
    linked = {place for place, _ in LINK.findall(text(TOP / "README.md"))}
    assert {f"docs/{page.name}" for page in (TOP / "docs").glob("*.md")} <= linked


def test_every_pipeline_format_criterion_and_reason_is_told() -> None:
    told = set(re.findall(r"`([\w-]+)`", text(TOP / "docs" / "training-data.md")))
    assert set(FORMATS) | set(get_args(Criterion)) | set(get_args(Reason)) <= told
    assert set(shipped_pipelines()) <= set(
        re.findall(r"`([\w-]+)`", text(TOP / "docs" / "build.md"))
    )
