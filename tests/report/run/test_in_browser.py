"""The page of a run in headless Chromium."""

import time

import pytest

from kodgen.engine.reporting.running import read_run
from kodgen.report.run.page import render
from tests.engine.reporting.synthetic import SyntheticRun
from tests.report.browsing import chromium, visited
from tests.report.reports import HOSTILE

pytestmark = pytest.mark.thorough

OPENS_WITHIN = 3.0
"""Seconds, for a page as large as it gets."""


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def values(tmp_path_factory):
    return read_run(SyntheticRun(2500, HOSTILE).write(tmp_path_factory.mktemp("run") / "run"))


@pytest.fixture(scope="module")
def file(values, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "index.html"
    path.write_text(render(values), encoding="utf-8")
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_it_shows_everything_in_silence(browser, file, width, scheme):
    with visited(browser, file.as_uri(), width, scheme) as visit:
        page = visit.page
        figures = page.locator("svg.figure")
        assert figures.count() > 15
        for figure in figures.all():
            box = figure.bounding_box()
            assert box["width"] > 300, figure
            assert box["height"] > 60, figure
        for summary in page.locator(".panel > details > summary").all():
            summary.click()
        assert page.locator(".panel table:visible").count() > 15
        wide = page.evaluate("[document.documentElement.scrollWidth, document.body.scrollWidth]")
        assert max(wide) <= width
        assert visit.said == []
        assert visit.asked == [file.as_uri()]


def test_it_opens_at_once(browser, file):
    assert file.stat().st_size > 5_000_000
    with visited(browser, "about:blank") as visit:
        begun = time.process_time(), time.perf_counter()
        visit.page.goto(file.as_uri())
        visit.page.wait_for_selector("#found details")
        assert time.perf_counter() - begun[1] < OPENS_WITHIN


def test_letters_of_figures_can_be_read_on_a_phone_and_none_are_cut(browser, file):
    with visited(browser, file.as_uri(), width=360) as visit:
        heights = visit.page.locator("svg.figure text").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().height)"
        )
        assert min(heights) >= 9
        cut = visit.page.locator("svg.figure").evaluate_all(
            """all => all.flatMap(svg => [...svg.querySelectorAll("text")].filter(one => {
                const [inner, outer] = [one.getBoundingClientRect(), svg.getBoundingClientRect()];
                return inner.left < outer.left - 4 || inner.right > outer.right + 4;
            }).map(one => one.textContent))"""
        )
        assert cut == []


def test_samples_are_found_by_every_filter(browser, file, values):
    with visited(browser, file.as_uri()) as visit:
        page = visit.page
        told = page.locator("#finding output")
        every = len(values.samples)
        assert told.inner_text() == f"{every:,} of {every:,} found"
        for name, labels in (
            ("subset", ["Docs", "Evol"]),
            ("difficulty", ["easy", "hard"]),
            ("outcome", ["verified", "solve: never_passed", "deduplicate: near_duplicate"]),
            ("style", ["complete"]),
        ):
            for label in labels:
                page.locator(f"select[name={name}]").select_option(label=label)
                expected = sum(getattr(one, name) == label for one in values.samples)
                assert told.inner_text() == f"{expected:,} of {every:,} found", label
                assert page.locator("#found details").count() == min(expected, 25)
            page.locator(f"select[name={name}]").select_option(label="all")
        page.locator("select[name=outcome]").select_option(label="verified")
        page.locator("select[name=subset]").select_option(label="Docs")
        both = [one for one in values.samples if (one.outcome, one.subset) == ("verified", "Docs")]
        assert told.inner_text() == f"{len(both):,} of {every:,} found"
        page.locator("#more").click()
        assert page.locator("#found details").count() == min(len(both), 50)
        page.locator("input[name=text]").fill("NO SUCH TEXT ANYWHERE")
        assert told.inner_text() == f"0 of {every:,} found"
        page.get_by_role("button", name="Show all").click()
        page.wait_for_function(
            f"document.querySelector('output').textContent.startsWith('{every:,} of')"
        )
        assert visit.said == []


def test_a_sample_shows_question_solution_tests_verdict_and_lineage(browser, file, values):
    with visited(browser, file.as_uri()) as visit:
        page = visit.page
        page.locator("select[name=outcome]").select_option(label="verified")
        first = page.locator("#found details").first
        first.locator("summary").focus()
        page.keyboard.press("Enter")
        heads = first.locator("h3").all_inner_texts()
        assert heads[:3] == ["Question", "Solution", "Tests"]
        assert "Verdict" in heads
        told = first.inner_text()
        for word in ("Seed from code", "Nearest benchmark task", "Licences", "Attempt"):
            assert word in told


def test_a_question_in_a_table_leads_to_its_sample(browser, file, values):
    with visited(browser, file.as_uri()) as visit:
        page = visit.page
        link = page.locator("#extremes a[data-find]").first
        name = link.inner_text()
        link.click()
        shown = page.locator("#found details").first
        assert name in shown.locator(".id").inner_text()
        assert shown.locator("pre").first.is_visible()


def test_hostile_rows_are_text_and_run_nothing(browser, file):
    with visited(browser, file.as_uri()) as visit:
        page = visit.page
        page.locator("input[name=text]").fill("window.hit")
        assert page.locator("#found details").count() > 0
        page.locator("#found summary").first.click()
        assert "window.hit" in page.locator("#found details pre").first.inner_text()
        assert page.evaluate("window.hit") is None
        assert page.locator("img, iframe, object, embed").count() == 0
        assert visit.said == []
        assert visit.asked == [file.as_uri()]
