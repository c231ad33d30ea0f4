"""The HTML page: one file that asks for nothing, draws its charts, and shows every hostile text as text."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from assessment_kit.html_page import export_html
from assessment_kit.report import ReportResult, run_report
from tests.report_notebooks import HOSTILE, notebook, raw_html, report_notebook, words, written
from tests.visits import opened


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> ReportResult:
    folder = tmp_path_factory.mktemp("report")
    document = folder / "2026-11-24.json"
    document.write_text("{}")
    return run_report(
        document, folder / "out", name="payments", notebook=written(folder / "master.ipynb", report_notebook())
    )


@pytest.fixture(scope="module")
def html(report: ReportResult) -> Path:
    assert report.error is None
    assert report.html_path is not None
    return report.html_path


@pytest.fixture(scope="module")
def soup(html: Path) -> BeautifulSoup:
    return BeautifulSoup(html.read_text(encoding="utf-8"), "html.parser")


# -- One file, no request ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_file_draws_its_charts_and_asks_for_nothing(browser: Any, html: Path, scheme: str) -> None:
    with opened(browser, html, color_scheme=scheme) as visit:
        visit.drawn()
        assert visit.states() == ["drawn"] * 3
        assert visit.page.locator("figure svg").count() == 3
        assert visit.requests == [html.as_uri()]
        assert visit.console == []
        assert visit.dialogs == []


def test_light_and_dark_change_the_colours_without_drawing_again(browser: Any, html: Path) -> None:
    colours = "() => { const bar = document.querySelector('#ak-toil .mark-rect path');"
    colours += " return [getComputedStyle(bar).fill, getComputedStyle(document.body).backgroundColor] }"
    with opened(browser, html, color_scheme="light") as visit:
        visit.drawn()
        visit.page.evaluate("document.querySelector('#ak-toil svg').dataset.same = 'yes'")
        light = visit.page.evaluate(colours)
        visit.page.emulate_media(color_scheme="dark")
        dark = visit.page.evaluate(colours)
        assert light == ["rgb(13, 106, 130)", "rgb(251, 250, 247)"]
        assert dark == ["rgb(99, 191, 214)", "rgb(20, 24, 27)"]
        assert visit.page.locator("#ak-toil svg[data-same=yes]").count() == 1


def test_the_drawing_library_is_there_once_and_only_where_something_is_drawn(html: Path) -> None:
    text = html.read_text(encoding="utf-8")
    assert text.count("window.akEmbed||") == 1
    assert len(text) < 1_000_000
    plain = export_html(notebook(raw_html("<h1>Words</h1>")))
    assert "<script" not in plain
    assert "script-src &#39;none&#39;" in plain
    assert len(plain) < 40_000


def test_no_address_stands_in_the_page_outside_the_library(html: Path) -> None:
    text = re.sub(r"<script>.*?</script>", "", html.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert re.findall(r"(?:https?:)?//[\w.]+", text) == []


# -- Hostile texts -----------------------------------------------------------------------------------------------------


def test_hostile_texts_appear_as_text_everywhere(browser: Any, html: Path) -> None:
    with opened(browser, html) as visit:
        visit.drawn()
        page = visit.page
        assert page.title() == "Payments & <b>Co</b>"
        assert page.locator("#ak-toil-title").inner_text() == HOSTILE[0] + HOSTILE[2]
        assert page.locator("#ak-toil .ak-subtitle").inner_text() == HOSTILE[1]
        drawn = page.locator("#ak-toil svg text").all_text_contents()
        assert set(HOSTILE) <= set(drawn)
        page.locator("#ak-toil summary").click()
        assert page.locator("#ak-toil tbody th").all_inner_texts() == [*HOSTILE, "Access requests"]
        page.locator("#ak-toil .mark-rect path").nth(1).hover()
        assert page.locator(".ak-tip-shown .ak-tip-row").first.inner_text().split("\n") == [HOSTILE[1], HOSTILE[1]]
        # A link in a chart leads nowhere, least of all to a script.
        page.locator("#ak-toil .mark-rect path").nth(3).click()
        assert page.url == html.as_uri()
        assert (visit.dialogs, visit.console, visit.requests) == ([], [], [html.as_uri()])


def test_markup_that_got_in_after_all_can_do_nothing(browser: Any, tmp_path: Path) -> None:
    forgotten = (
        "<h1>Head</h1><script>document.title = 'owned'</script><img src=https://example.org/x onerror=alert(1)>"
        "<iframe src=https://example.org/y></iframe><link rel=stylesheet href=https://example.org/z>"
        "<form action=https://example.org/f><button>go</button></form><a id=js href='javascript:alert(1)'>a</a>"
        "<style>body { background: url(https://example.org/s) }</style>"
    )
    path = tmp_path / "page.html"
    path.write_text(export_html(notebook(raw_html(forgotten))), encoding="utf-8")
    with opened(browser, path) as visit:
        visit.page.locator("#js").click()
        assert visit.page.title() == "Head"
        visit.page.evaluate("document.querySelector('form').requestSubmit()")
        assert visit.dialogs == []
        # Chromium reports what the page's policy stopped as requests that failed; none of them left the page.
        wanted = [url for url in visit.requests if url != path.as_uri()]
        assert sorted(visit.refused) == sorted(f"csp {url}" for url in wanted)


# -- Readers -----------------------------------------------------------------------------------------------------------


def test_without_scripts_words_and_numbers_remain(browser: Any, html: Path) -> None:
    with opened(browser, html, java_script_enabled=False) as visit:
        page = visit.page
        assert page.locator("h1").inner_text() == "Payments & <b>Co</b>"
        assert page.locator("#ak-toil .ak-instead").is_visible()
        page.locator("#ak-toil summary").click()
        assert page.locator("#ak-toil tbody tr").last.inner_text().split() == ["Access", "requests", "3"]


def test_a_chart_that_cannot_be_drawn_says_so_and_keeps_its_numbers(browser: Any, html: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.html"
    text = html.read_text(encoding="utf-8")
    broken.write_text(text.replace('"mark":{"type":"point"', '"mark":{"type":"dot"', 1), encoding="utf-8")
    with opened(browser, broken) as visit:
        visit.drawn()
        assert visit.states() == ["drawn", "failed", "drawn"]
        assert visit.page.locator("#ak-dots .ak-instead").inner_text().startswith("This chart could not be drawn.")


def test_a_phone_shows_the_page_without_scrolling_sideways(browser: Any, html: Path) -> None:
    with opened(browser, html, viewport={"width": 390, "height": 844}) as visit:
        visit.drawn()
        assert visit.page.evaluate("document.documentElement.scrollWidth") == 390
        assert visit.page.locator("#ak-toil svg").bounding_box()["width"] <= 390


def test_a_table_too_wide_for_its_place_can_be_scrolled_by_keyboard(browser: Any, html: Path) -> None:
    stops = "figure ~ .ak-scroll[tabindex='0'][aria-label]"
    with opened(browser, html, viewport={"width": 390, "height": 844}) as visit:
        visit.page.wait_for_selector(stops, state="attached")
        visit.page.set_viewport_size({"width": 1200, "height": 844})
        visit.page.wait_for_selector(stops, state="detached")


def test_a_screen_reader_hears_the_alternative_and_not_the_marks(browser: Any, html: Path) -> None:
    with opened(browser, html) as visit:
        visit.drawn()
        assert visit.page.get_by_role("img").count() == 3
        assert visit.page.get_by_role("img", name=f"Bars {HOSTILE[0]}").count() == 1
        assert visit.page.locator("figure [aria-hidden=true] svg").count() == 3


def test_a_chart_follows_the_width_of_its_page(browser: Any, html: Path) -> None:
    # What waits in a page evaluates text again and again, which the page's own policy forbids.
    with opened(browser, html, viewport={"width": 1000, "height": 800}, bypass_csp=True) as visit:
        visit.drawn()
        visit.page.set_viewport_size({"width": 600, "height": 800})
        visit.page.wait_for_function("document.getElementById('ak-toil').akView.width() < 600")
        assert visit.page.locator("#ak-toil svg").bounding_box()["width"] <= 600


def test_a_slider_moves_by_keyboard_and_has_a_name(browser: Any, html: Path) -> None:
    with opened(browser, html, bypass_csp=True) as visit:
        visit.drawn()
        visit.page.get_by_label("Automate the top").press("ArrowRight")
        visit.page.wait_for_function("document.getElementById('ak-toil').akView.signal('top') === 3")


def test_paper_is_light_shows_no_controls_and_cuts_no_chart(browser: Any, html: Path) -> None:
    with opened(browser, html, color_scheme="dark") as visit:
        visit.drawn()
        visit.page.emulate_media(media="print", color_scheme="dark")
        style = "(name, property) => getComputedStyle(document.querySelector(name))[property]"
        assert visit.page.evaluate(f"({style})('#ak-toil .mark-rect path', 'fill')") == "rgb(13, 106, 130)"
        assert visit.page.evaluate(f"({style})('.ak-main', 'color')") == "rgb(28, 35, 39)"
        assert visit.page.evaluate(f"({style})('#ak-toil .ak-plot', 'breakInside')") == "avoid"
        for hidden in (".ak-contents", ".ak-skip", "#ak-toil .ak-controls"):
            assert not visit.page.locator(hidden).is_visible(), hidden
        assert visit.page.locator("#ak-toil details table").is_visible(), "the numbers lie open on paper"


def test_a_keyboard_gets_past_the_contents_at_once(browser: Any, html: Path) -> None:
    with opened(browser, html) as visit:
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("document.activeElement.textContent") == "Skip to the content"
        assert visit.page.locator(".ak-skip").bounding_box()["x"] >= 0
        visit.page.keyboard.press("Enter")
        assert visit.page.evaluate("document.activeElement.id") == "content"


# -- Structure ---------------------------------------------------------------------------------------------------------


def test_the_page_has_language_title_landmarks_and_headings_in_order(soup: BeautifulSoup) -> None:
    assert soup.html["lang"] == "en"
    assert [len(soup.find_all(name)) for name in ("main", "nav", "footer", "h1")] == [1, 1, 1, 1]
    assert [link.get_text() for link in soup.nav.find_all("a")] == ["What we $x$ found"]
    assert soup.find(id=soup.nav.a["href"].removeprefix("#")).name == "h2"
    levels = [int(heading.name[1]) for heading in soup.find_all(re.compile("^h[1-6]$"))]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_nothing_is_left_of_the_notebook(soup: BeautifulSoup) -> None:
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert soup.find(class_=re.compile("prompt|jp-|anchor-link")) is None
    assert "import altair" not in soup.get_text()
    focusable = soup.find_all(tabindex=True)
    assert [tag["id"] for tag in focusable if tag["tabindex"] == "-1"] == ["content"]
    # Whatever else takes the keyboard is a wide table's frame, which has a name.
    assert all(tag["role"] and tag["aria-label"] for tag in focusable if tag["tabindex"] == "0")


def test_markdown_is_shown_as_words(soup: BeautifulSoup) -> None:
    found = soup.find(class_="ak-words")
    assert found.h2.get_text() == "What we $x$ found"
    assert found.em.get_text() == "words"


def test_a_title_and_a_language_can_be_given() -> None:
    page = BeautifulSoup(export_html(notebook(words("# Found")), title="a < b", lang="de-CH"), "html.parser")
    assert (page.title.get_text(), page.html["lang"]) == ("a < b", "de-CH")
    assert BeautifulSoup(export_html(notebook(words("# Found"))), "html.parser").title.get_text() == "Found"
    assert BeautifulSoup(export_html(notebook()), "html.parser").title.get_text() == "Report"
