"""The page of a run, as a file."""

import json
import re

import pytest

from kodgen.engine.reporting.running import read_run
from kodgen.report.run.page import data, render
from tests.engine.reporting.synthetic import SUBSETS, SyntheticRun
from tests.report.reports import HOSTILE
from tests.report.test_audit_page import elements

DRAWN = [
    "flow",
    "passing",
    "lengths",
    "map",
    "leaks",
    "stages",
    "rejects",
    "attempts",
    "quality",
    "duplicates",
    "later",
]


@pytest.fixture(scope="module")
def values(tmp_path_factory):
    return read_run(SyntheticRun(500, HOSTILE).write(tmp_path_factory.mktemp("run") / "run"))


@pytest.fixture(scope="module")
def page(values):
    return render(values)


def test_it_is_well_formed_and_points_to_nothing_outside(page):
    found = elements(page)
    assert len(found.ids) == len(set(found.ids))
    for tag, given in found.tags:
        for key in ("src", "href", "xlink:href", "data", "action"):
            assert given.get(key, "#").startswith(("#", "data:")), (tag, given)
        assert not any(key.startswith("on") for key in given)
    assert "default-src 'none'" in page
    assert "http://elsewhere" not in re.sub(r"(?s)<script type=.*?</script>", "", page) or (
        "&#34;http://elsewhere" in page
    )


def test_every_section_has_a_figure_and_the_numbers_behind_it(page):
    for key in DRAWN:
        section = page.partition(f'<section id="{key}"')[2].partition("</section>")[0]
        assert section.count('<svg class="figure"') == section.count("The numbers") > 0, key
        for panel in section.split('<div class="panel">')[1:]:
            assert panel.count("<table>") > 0, key


def test_figures_say_what_they_show_and_name_every_subset(page):
    for name in ("flow", "passing", "difficulty", "map"):
        title = re.search(f'<title id="{name}-title">(.*?)</title>', page)[1]
        for subset in SUBSETS:
            assert subset in title, (name, subset)


def test_samples_are_data_that_no_text_gets_out_of(values, page):
    written = page.partition('<script type="application/json" id="rows">')[2]
    rows = json.loads(written.partition("</script>")[0])
    assert len(rows) == len(values.samples)
    hostile = [row for row in rows if any(HOSTILE[0] in text for _, text in row["texts"])]
    assert hostile
    assert not set(data({"a": "</script><!--&\u2028\ud800"})) & set("<>&\u2028\ud800")


def test_a_run_that_has_only_begun_is_shown(tmp_path):
    run = SyntheticRun(40).write(tmp_path / "run", posttraining=False)
    for folder in ("02-deduplicate", "03-decontaminate", "04-solve"):
        (run / folder / "manifest.json").unlink()
    values = read_run(run)
    assert len(values.notes) == 3
    page = render(values)
    assert "04-solve: not finished" in page
    assert "No question was solved yet." in page
