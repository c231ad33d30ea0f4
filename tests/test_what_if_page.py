"""The what-if in a browser: moved by slider, tick boxes and keyboard, and read back from the page."""

from __future__ import annotations

import random
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape

from assessment_kit.document import Document
from assessment_kit.evaluate import evaluate
from assessment_kit.pages import page_what_if, words_what_if
from assessment_kit.readings import Answers
from assessment_kit.what_if import WhatIf, what_if
from tests.builders import COHERENT, GUIDE, document, per, said
from tests.report_notebooks import HOSTILE
from tests.report_pages import page_of, report_of, visited

#: Seven tasks as a team would say them, with intervals, effort for most, and two that cannot be ticked.
TASKS = [
    {"task": "restart the import", "times": per(6, "week"), "each": "20 min", "automatable": "yes", "saves": 90,
     "effort_hours": 16, "upkeep_hours": 0.5},
    {"task": "morning checks", "times": per(1, "day"), "each": "30 min", "automatable": "partly", "effort_hours": 40},
    {"task": "unlock accounts", "times": per(3, "shift"), "each": "5 min", "automatable": "no"},
    {"task": "answer the contact centre", "times": per(90, "week"), "each": "10 min", "automatable": "partly",
     "effort_hours": 60, "upkeep_hours": 3},
    {"task": "rerun reports", "times": per(10, "month"), "each": "25 min", "people": 2, "automatable": "yes"},
    {"task": "month end", "times": per(1, "month"), "each": "12h", "people": 2, "automatable": "unsure"},
    {"task": "copy invoices", "times": per(9, "week"), "each": "45 min", "automatable": "yes", "effort_hours": 24},
]  # fmt: skip
TEAM = document({**COHERENT, "toil-tasks": said(TASKS)})


def expected(made: Document) -> WhatIf:
    return what_if(evaluate(made, GUIDE), Answers(made, GUIDE))


FOUND = expected(TEAM)


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("what-if")
    path = folder / "page.html"
    path.write_text(page_of(report_of(folder, TEAM), "toil"), encoding="utf-8")
    return path


def words(page: Any, selector: str) -> str:
    text: str = page.locator(selector).inner_text()
    return text


def outputs(page: Any) -> dict[str, str]:
    found: dict[str, str] = page.eval_on_selector_all(
        "[data-ak-value]", "all => Object.fromEntries(all.map(one => [one.dataset.akValue, one.textContent]))"
    )
    return found


def in_python(found: WhatIf, chosen: Any) -> dict[str, str]:
    given = words_what_if.templates(found)
    effort = given["effort"][words_what_if.effort_case(found, chosen)]
    return {
        name: words_what_if.filled(value, found, chosen)
        for name, (value, *_) in {**given["outputs"], "effort": effort}.items()
    }


def test_the_page_opens_with_the_choice_that_its_title_speaks_of(browser: Any, html: Path) -> None:
    with visited(browser, html) as page:
        chosen = FOUND.top(FOUND.suggested)
        ticked = page.eval_on_selector_all(".ak-what-if input:checked", "all => all.map(one => one.dataset.akKey)")
        assert set(ticked) == chosen
        assert words(page, "[data-ak-sentence]") == words_what_if.sentence(FOUND, chosen)
        assert outputs(page) == in_python(FOUND, chosen)


def test_the_slider_moves_hours_left_people_and_the_line_by_keyboard(browser: Any, html: Path) -> None:
    with visited(browser, html) as page:
        slider = page.get_by_label("Automate", exact=True)
        slider.focus()
        page.keyboard.press("Home")
        for number in range(len(FOUND.options) + 1):
            chosen = FOUND.top(number)
            assert outputs(page) == in_python(FOUND, chosen)
            assert words(page, "[data-ak-sentence]") == words_what_if.sentence(FOUND, chosen)
            assert page.locator(".ak-what-if input:checked").count() == number
            assert slider.get_attribute("aria-valuetext") == words_what_if.slider(FOUND, chosen)
            assert_what_stands_around_the_drawing(page, chosen)
            page.keyboard.press("ArrowRight")
        left = [FOUND.after(FOUND.top(number)).left for number in (0, len(FOUND.options))]
        assert left[0] is not None
        assert left[1] is not None
        assert left[1].value < left[0].value / 1.5, "or moving it would show nothing"


def test_tick_boxes_say_the_same_as_python_for_every_choice(browser: Any, html: Path) -> None:
    keys = [option.key for option in FOUND.options]
    pick = random.Random(7)
    with visited(browser, html) as page:
        for _ in range(12):
            key = pick.choice(keys)
            page.locator(f"input[data-ak-key={key}]").press("Space")
            chosen = set(page.eval_on_selector_all(".ak-what-if input:checked", "all => all.map(o => o.dataset.akKey)"))
            assert outputs(page) == in_python(FOUND, chosen)
            assert words(page, "[data-ak-sentence]") == words_what_if.sentence(FOUND, chosen)
            assert_what_stands_around_the_drawing(page, chosen)


def assert_what_stands_around_the_drawing(page: Any, chosen: Collection[str]) -> None:
    """Heading, text alternative and the table of numbers say what is drawn now, as Python says it."""
    assert words(page, "#ak-what-if-title") == words_what_if.title(FOUND, chosen)
    alternative = page.locator("#ak-what-if .ak-plot").get_attribute("aria-label")
    assert alternative == words_what_if.alternative(FOUND, chosen)
    shown = page.locator("#ak-what-if .ak-numbers tbody tr").nth(1).locator("th, td").all_text_contents()
    expected_cells = [str(escape(cell)) for cell in page_what_if.numbers(FOUND, chosen).rows[1]]
    assert shown == [re.sub("<[^>]*>", "", cell) for cell in expected_cells]


def test_the_sentence_is_said_aloud(browser: Any, html: Path) -> None:
    with visited(browser, html) as page:
        assert page.get_by_role("status").get_attribute("aria-live") == "polite"


def test_what_must_not_be_automated_cannot_be_ticked_and_says_why(browser: Any, html: Path) -> None:
    with visited(browser, html) as page:
        row = page.locator("tr", has=page.locator("input:disabled")).filter(has_text="unlock accounts")
        assert row.count() == 1
        assert "it needs human judgement every time" in row.inner_text()
        assert page.locator(".ak-what-if input:disabled").count() == len(FOUND.fixed)


def drawn(page: Any, chart: str, signal: str) -> Any:
    return page.evaluate(f"document.getElementById('ak-{chart}').akView.signal('{signal}')")


def test_what_is_ticked_is_an_outline_in_all_charts_once_the_reader_tries_it(browser: Any, html: Path) -> None:
    with visited(browser, html) as page:
        assert [drawn(page, chart, "akChosen") for chart in ("toil", "frequency", "payback")] == [[], [], []]
        page.get_by_label("Automate", exact=True).press("Home")
        page.locator(f"input[data-ak-key={FOUND.options[1].key}]").check()
        for chart in ("toil", "frequency", "payback"):
            assert drawn(page, chart, "akChosen") == [FOUND.options[1].key]
        outline = "#ak-toil .mark-rect path[stroke-dasharray]"
        page.wait_for_function(
            f"[...document.querySelectorAll('{outline}')].some(path => path.getAttribute('opacity') === '1')"
        )


def test_the_months_bars_follow_the_choice(browser: Any, html: Path) -> None:
    with visited(browser, html) as page:
        page.get_by_label("Automate", exact=True).press("End")
        then = FOUND.after(FOUND.top(len(FOUND.options)))
        assert then.left is not None
        rows = "document.getElementById('ak-what-if').akView.data('month')"
        page.wait_for_function(f"{rows}[1].name.startsWith('{then.tasks} automated')")
        row = page.evaluate(f"{rows}[1]")
        over = words_what_if.row(FOUND, FOUND.top(len(FOUND.options)))
        assert {part: row[part] for part in over} == over
        assert (row["toil"], row["low"], row["high"]) == pytest.approx((then.left.value, then.left.low, then.left.high))


def test_a_task_that_is_clicked_in_one_chart_is_marked_in_all_and_in_the_table(browser: Any, html: Path) -> None:
    with visited(browser, html, viewport={"width": 1000, "height": 900}) as page:
        page.locator("#ak-toil svg").click(position={"x": 600, "y": 48 + 8})
        picked = drawn(page, "toil", "akPicked")
        assert picked == "t2"
        assert [drawn(page, chart, "akPicked") for chart in ("frequency", "payback")] == [picked, picked]
        assert page.locator("tr.ak-picked input").get_attribute("data-ak-key") == picked
        said_below = page.locator("#ak-payback .ak-picked-words").inner_text()
        assert said_below.startswith("2 ")
        page.keyboard.press("Escape")
        assert [drawn(page, chart, "akPicked") for chart in ("toil", "frequency", "payback")] == ["", "", ""]
        assert page.locator("tr.ak-picked").count() == 0


def test_a_keyboard_marks_a_task_by_reaching_its_tick_box(browser: Any, html: Path) -> None:
    with visited(browser, html) as page:
        page.locator("input[data-ak-key=t1]").focus()
        assert [drawn(page, chart, "akPicked") for chart in ("toil", "frequency", "payback")] == ["t1", "t1", "t1"]


def test_without_scripts_the_table_says_what_every_top_n_comes_to(browser: Any, html: Path) -> None:
    visitor = browser.new_context(java_script_enabled=False)
    page = visitor.new_page()
    page.goto(html.as_uri())
    assert not page.locator(".ak-what-if form").is_visible()
    assert page.locator(".ak-what-if input").filter(visible=True).count() == 0
    rows = page.locator(".ak-what-if table").nth(1).locator("tbody tr").all_inner_texts()
    for number, row in enumerate(rows):
        left = FOUND.after(FOUND.top(number)).left
        assert left is not None
        assert f"{left.value:,.0f} h" in row.replace("\u00a0", " ")
    assert words(page, "[data-ak-sentence]") == words_what_if.sentence(FOUND, FOUND.top(FOUND.suggested))
    visitor.close()


def test_a_phone_shows_it_without_scrolling_sideways(browser: Any, html: Path) -> None:
    with visited(browser, html, viewport={"width": 390, "height": 844}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_table_that_goes_on_at_the_side_says_so_and_can_be_slid_by_keyboard(browser: Any, html: Path) -> None:
    with visited(browser, html, viewport={"width": 390, "height": 844}) as page:
        page.wait_for_selector(".ak-what-if .ak-scroll[data-ak-wide]", state="attached")
        table = page.locator(".ak-what-if .ak-scroll[data-ak-wide]").last
        assert "slide it sideways" in table.evaluate("one => getComputedStyle(one, '::before').content")
        assert table.get_attribute("tabindex") == "0"
        assert str(table.get_attribute("aria-label")).startswith("Table that scrolls sideways: ")
        table.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("one => one.scrollLeft > 0", arg=table.element_handle())
    with visited(browser, html, viewport={"width": 1280, "height": 900}) as page:
        assert page.locator(".ak-what-if > .ak-scroll[data-ak-wide]").count() == 0, "nothing to slide, nothing said"


def test_paper_shows_the_readers_choice_and_no_slider(browser: Any, html: Path) -> None:
    with visited(browser, html) as page:
        page.get_by_label("Automate", exact=True).press("End")
        page.emulate_media(media="print")
        assert not page.locator(".ak-what-if form").is_visible()
        assert page.locator(".ak-what-if table").nth(1).is_visible()
        assert outputs(page) == in_python(FOUND, FOUND.top(len(FOUND.options)))


def test_hostile_names_of_tasks_only_appear(browser: Any, tmp_path: Path) -> None:
    tasks = [
        {"task": name, "times": per(5 + place, "week"), "each": "30 min", "automatable": "yes", "effort_hours": 5}
        for place, name in enumerate([*HOSTILE, '"><input autofocus onfocus=alert(1)>', "{left} {count}"])
    ]
    made = document({"toil-tasks": said(tasks), "team-size": 3, "hours-per-person": 130})
    path = tmp_path / "page.html"
    path.write_text(page_of(report_of(tmp_path, made), "toil"), encoding="utf-8")
    with visited(browser, path) as page:
        page.get_by_label("Automate", exact=True).press("End")
        shown = page.locator(".ak-what-if .ak-tick bdi").all_inner_texts()
        assert sorted(shown) == sorted(str(task["task"]) for task in tasks)
        page.locator("#ak-toil svg").click(position={"x": 600, "y": 8})
        assert page.locator("#ak-toil .ak-picked-words").inner_text()[2:].startswith("{left} {count}")
        assert words(page, "[data-ak-sentence]") == words_what_if.sentence(expected(made), expected(made).top(6))


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"toil-tasks": {"status": "unknown"}},
        {"toil-tasks": said([{"task": "a", "times": per(4, "week"), "each": "1h", "automatable": "no"}])},
        {"toil-tasks": said([{"task": "a"}])},
        {"toil-tasks": said([{"task": "a", "times": per(0, "week"), "each": "1h", "automatable": "yes"}])},
    ],
)
def test_with_nothing_to_automate_there_is_no_slider_and_the_page_says_why(
    browser: Any, tmp_path: Path, answers: dict[str, Any]
) -> None:
    path = tmp_path / "page.html"
    html = page_of(report_of(tmp_path, document({**answers, "alert-volume": per(3, "day")})), "toil", "observability")
    path.write_text(html, encoding="utf-8")
    with visited(browser, path) as page:
        assert page.locator("[data-ak-what-if]").count() == 0
        assert page.locator(".ak-missing").count() >= 1


#: Names as people write them when they explain: about a hundred characters.
WORDS = "compare settlement with the ledger, resubmit what the partner's gateway lost, and tell the customer"


def test_ten_thousand_tasks_give_a_small_page_that_moves(browser: Any, tmp_path: Path) -> None:
    kinds = ("yes", "partly", "no", "unsure")
    tasks = [
        {"task": f"task {n} {WORDS}", "times": per(1 + n % 9, "week"), "each": 5 + n % 11, "automatable": kinds[n % 4]}
        for n in range(10_000)
    ]
    made = document({**COHERENT, "toil-tasks": said(tasks)})
    path = tmp_path / "page.html"
    report = report_of(tmp_path, made)
    path.write_text(page_of(report, "toil"), encoding="utf-8")
    parts = ["scores", "incidents", "toil", "engineering", "observability", "hours", "comparison", "findings", "plan"]
    assert len(page_of(report, *parts, "every_answer", "methods").encode()) < 1_500_000
    found = expected(made)
    with visited(browser, path) as page:
        page.get_by_label("Automate", exact=True).press("End")
        every = found.top(len(found.options))
        assert words(page, "[data-ak-sentence]") == words_what_if.sentence(found, every)
        assert "5,000 of 10,000 tasks automated" in words(page, "[data-ak-sentence]").replace("\u00a0", " ")
