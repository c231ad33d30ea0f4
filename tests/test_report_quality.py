"""What every report owes its readers: those with a screen reader, a keyboard, a phone, paper, or no scripts."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from assessment_kit.report import run_report
from tests.visits import (
    A4_HEIGHT,
    A4_WIDTH,
    broken_words,
    cut_on_paper,
    keyboard_path,
    opened,
    serious_faults,
    too_wide,
)

EXAMPLES = Path(__file__).parents[1] / "examples" / "workspace"

#: A rich report with a history, and one with almost no answers.
REPORTS = {
    "full": ("payments/2026-11-10.json", "payments/2026-05-12.json"),
    "empty": ("insurance-claims/2026-11-18.json", ""),
}

MOST_BYTES = 1_500_000


@pytest.fixture(scope="module", params=list(REPORTS))
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    document, previous = REPORTS[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    done = run_report(EXAMPLES / document, folder, name="report", previous=EXAMPLES / previous if previous else None)
    assert done.error is None and done.html_path is not None
    return done.html_path


@pytest.fixture
def soup(report: Path) -> BeautifulSoup:
    return BeautifulSoup(report.read_text("utf-8"), "html.parser")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Any, report: Path, scheme: str, width: int) -> None:
    viewport = {"width": width, "height": 844}
    with opened(browser, report, color_scheme=scheme, bypass_csp=True, viewport=viewport) as visit:
        visit.drawn()
        # What is folded is read too.
        visit.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert serious_faults(visit.page) == []


def test_it_asks_for_nothing_says_nothing_and_draws_everything(browser: Any, report: Path) -> None:
    with opened(browser, report) as visit:
        visit.drawn()
        assert set(visit.states()) <= {"drawn"}
        assert visit.requests == [report.as_uri()]
        assert visit.console == []


def test_it_is_one_file_that_goes_through_a_mail_gateway(report: Path) -> None:
    assert report.stat().st_size < MOST_BYTES


def test_a_phone_shows_it_without_scrolling_sideways(browser: Any, report: Path) -> None:
    with opened(browser, report, viewport={"width": 390, "height": 844}) as visit:
        visit.drawn()
        assert too_wide(visit.page) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_a_keyboard_slides_a_wide_table_on_a_phone(browser: Any, report: Path, scripts: bool) -> None:
    with opened(
        browser, report, java_script_enabled=scripts, viewport={"width": 390, "height": 844}, bypass_csp=True
    ) as visit:
        if scripts:
            visit.drawn()
        for part in visit.page.locator("details").all():
            part.evaluate("part => { part.open = true; }")
        wide = [
            table
            for table in visit.page.locator(".ak-scroll").all()
            if table.evaluate("table => table.scrollWidth > table.clientWidth + 1 && table.checkVisibility()")
        ]
        assert len(wide) > 2
        for table in wide:
            assert table.get_attribute("tabindex") == "0" and table.get_attribute("aria-label")
            told = table.evaluate("table => getComputedStyle(table, '::before').content")
            assert "sideways" in told or (not scripts and table.locator("thead th").count() < 4)
        if not scripts:
            return  # nothing in the page can be waited for
        wide[0].focus()
        visit.page.keyboard.press("ArrowRight")
        visit.page.wait_for_function("document.activeElement.scrollLeft > 0")


def test_paper_cuts_no_chart(browser: Any, report: Path, tmp_path: Path) -> None:
    with opened(browser, report, viewport={"width": A4_WIDTH, "height": 994}) as visit:
        visit.drawn()
        visit.page.emulate_media(media="print")
        visit.drawn()
        assert cut_on_paper(visit.page) == []
        printed = visit.page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) > 1


@pytest.mark.parametrize("scripts", [True, False])
def test_paper_shows_what_is_folded_and_is_no_wider_than_the_sheet(browser: Any, report: Path, scripts: bool) -> None:
    with opened(
        browser, report, java_script_enabled=scripts, viewport={"width": A4_WIDTH, "height": A4_HEIGHT}
    ) as visit:
        page = visit.page
        folded = page.locator("details:not([open]) > :not(summary)")
        assert folded.count() > 5 and not folded.first.is_visible()
        page.emulate_media(media="print")
        # Some of it is empty: an anchor without words takes no room.
        hidden = [one for one in folded.all() if one.inner_text().strip() and not one.is_visible()]
        assert hidden == []
        # A browser shrinks the whole report to the widest table.
        assert page.evaluate("document.documentElement.scrollWidth") <= A4_WIDTH


def test_paper_breaks_no_word_of_a_table_beside_another_chart(browser: Any, report: Path) -> None:
    with opened(browser, report, viewport={"width": A4_WIDTH, "height": A4_HEIGHT}) as visit:
        visit.drawn()
        visit.page.emulate_media(media="print")
        assert broken_words(visit.page, ".ak-columns :is(th, td)") == []


@pytest.mark.parametrize("width", [1280, 390])
def test_an_address_with_a_place_lands_there(browser: Any, report: Path, width: int) -> None:
    with opened(
        browser, report, "#Methods-and-sources", viewport={"width": width, "height": 844}, bypass_csp=True
    ) as visit:
        visit.drawn()
        # Drawings above it have other heights than the room kept for them.
        visit.page.wait_for_function(
            """() => {
              const place = document.querySelector(":target"), page = document.scrollingElement;
              const off = place.getBoundingClientRect().top - parseFloat(getComputedStyle(place).scrollMarginTop);
              return Math.abs(off) < 2 || page.scrollTop + innerHeight > page.scrollHeight - 2;
            }"""
        )


def test_whoever_moves_on_is_not_called_back(browser: Any, report: Path) -> None:
    with opened(
        browser, report, "#Methods-and-sources", viewport={"width": 1280, "height": 844}, bypass_csp=True
    ) as visit:
        visit.drawn()
        visit.page.wait_for_function("scrollY > 0")
        visit.page.keyboard.press("Control+Home")
        visit.page.wait_for_function("scrollY === 0")
        visit.page.set_viewport_size({"width": 1000, "height": 844})
        visit.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert visit.page.evaluate("scrollY") == 0


def test_without_scripts_no_room_is_kept_for_drawings(browser: Any, report: Path) -> None:
    with opened(browser, report, java_script_enabled=False) as visit:
        heights = [plot.bounding_box()["height"] for plot in visit.page.locator(".ak-plot").all()]
        assert [height for height in heights if height > 60] == []


def test_a_browser_that_knows_no_folded_content_opens_it_by_script(browser: Any, report: Path) -> None:
    with opened(browser, report) as visit:
        visit.drawn()
        if not visit.states():
            assert visit.page.locator("script:not([type])").count() == 0, "without charts there is no script at all"
            return
        before = visit.page.locator("details[open]").count()
        visit.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert visit.page.locator("details:not([open])").count() == 0
        visit.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert visit.page.locator("details[open]").count() == before


def test_without_scripts_every_word_figure_and_table_is_there(browser: Any, report: Path) -> None:
    with opened(browser, report, java_script_enabled=False) as visit:
        text = visit.page.locator("main").inner_text()
        assert len(text) > 3_000
        figures = visit.page.locator("figure").count()
        assert visit.page.locator("figure .ak-instead:visible").count() == figures
        assert visit.page.locator("figure details table").count() >= figures
        assert visit.page.locator(".ak-figures").first.locator("dd.ak-value").count() == 6


def test_title_language_landmarks_and_headings_are_in_order(soup: BeautifulSoup) -> None:
    assert soup.html is not None and soup.html["lang"] == "en"
    assert soup.title is not None and soup.h1 is not None and soup.h1.get_text(strip=True) in soup.title.get_text()
    assert [len(soup.find_all(name)) for name in ("main", "nav", "footer", "h1")] == [1, 1, 1, 1]
    levels = [int(heading.name[1]) for heading in soup.find_all(re.compile("^h[1-6]$"))]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_chart_has_words_instead_and_its_numbers_in_a_table(soup: BeautifulSoup) -> None:
    for figure in soup.find_all("figure"):
        plot = figure.find(attrs={"role": "img"})
        assert plot is not None and len(plot["aria-label"]) > 30, figure.get("id")
        assert figure.find("details").find("table") is not None, figure.get("id")


def test_every_table_names_its_columns(soup: BeautifulSoup) -> None:
    for table in soup.find_all("table"):
        heads = table.find_all("th", scope="col")
        assert heads and all(head.get_text(strip=True) for head in heads)


def test_every_link_leads_somewhere_in_the_page(soup: BeautifulSoup) -> None:
    ids = {tag["id"] for tag in soup.find_all(id=True)}
    assert [link["href"] for link in soup.find_all("a", href=True) if link["href"].startswith("#")
            and link["href"][1:] not in ids] == []  # fmt: skip


def test_every_question_that_was_asked_has_its_anchor(soup: BeautifulSoup) -> None:
    rows = soup.find_all(id=re.compile("^answer-"))
    assert len(rows) == len({row["id"] for row in rows}) > 40


def test_a_keyboard_sees_where_it_is(browser: Any, report: Path) -> None:
    with opened(browser, report) as visit:
        visit.drawn()
        stops = keyboard_path(visit.page, 12)
        assert stops[0][0] == "Skip to the content"
        assert [said for said, shown in stops if not shown] == []


def test_no_number_is_a_machines(soup: BeautifulSoup) -> None:
    for script in soup.find_all(["script", "style"]):
        script.decompose()
    text = soup.get_text(" ")
    assert re.findall(r"\bnan\b|\bundefined\b|\d\.\d{5,}|\b\d{5,}\b(?! (?:x|rows))", text) == []
