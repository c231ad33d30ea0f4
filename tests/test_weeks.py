"""An import in time: golden data of its charts, the brush and the click that link them, and nothing read into it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import vl_convert

from assessment_kit import style
from assessment_kit.document import Document, ImportRecord
from assessment_kit.intake import import_exports
from assessment_kit.pages import tables_weeks
from assessment_kit.pages.team_report import open_report
from assessment_kit.report import run_report
from tests.builders import document
from tests.test_charts import specifications
from tests.test_page import HOSTILE, parsed, report, words

ROOT = Path(__file__).parents[1]
EXPORT = ROOT / "examples" / "exports" / "service-desk.csv"
DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the document of the example export."""
    folder = tmp_path_factory.mktemp("desk")
    import_exports([EXPORT], workspace=folder, day=DAY, team="Service desk")
    [found] = [path for path in folder.rglob("*.json") if ".history" not in path.parts]
    return found


@pytest.fixture(scope="module")
def drawn(desk: Path) -> dict[str, dict[str, Any]]:
    return specifications(open_report(desk))


def compiled(specification: dict[str, Any]) -> None:
    vl_convert.vegalite_to_vega(specification | {"config": style.vega_config()})


def record(**more: Any) -> dict[str, Any]:
    return {"source": "desk.csv", **more}


def incidents_of(made: Document) -> str:
    return str(report(made).incidents().html)


# -- Golden data -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["weeks-1", "types-1", "hours-1"])
def test_an_import_draws_weeks_types_and_hours(drawn: dict[str, Any], name: str) -> None:
    compiled(drawn[name])
    assert drawn[name]["width"] == "container"


def test_the_types_of_an_import_are_drawn_once(drawn: dict[str, Any]) -> None:
    assert "incident-types" not in drawn


def test_the_golden_data_of_the_types(drawn: dict[str, Any]) -> None:
    rows = drawn["types-1"]["data"]["values"]
    every = {(row["row"], row["name"], row["every"]) for row in rows}
    assert sorted(every) == [
        (0, "Hardware", 309), (1, "Network", 46), (2, "Database", 40), (3, "Software", 36), (4, "Inquiry / Help", 30)
    ]  # fmt: skip
    assert sum(row["n"] for row in rows) == 461


def test_the_golden_data_of_the_weeks(drawn: dict[str, Any]) -> None:
    rows = drawn["weeks-1"]["data"]["values"]
    assert sum(row["n"] for row in rows) == 461
    assert sum(row["n"] for row in rows if row["week"] == "2024-01-22") == 9
    assert {row["week"] for row in rows if not row["complete"]} == {"2024-01-29"}, "the export ends on a Wednesday"


def test_the_golden_data_of_the_hours(drawn: dict[str, Any]) -> None:
    rows = drawn["hours-1"]["data"]["values"]
    assert len(rows) == 168
    assert [row["n"] for row in rows[:6]] == [0, 3, 4, 2, 3, 0]
    assert sum(row["n"] for row in rows) == 457


def test_every_drawing_of_an_import_says_of_how_many_incidents_and_which_days(desk: Path) -> None:
    shown = words(str(open_report(desk).incidents().html))
    assert (
        "service-desk.csv holds 500 incidents, 2 Jan 2023 to 31 Jan 2024. What is told by the week, month or hour "
        "counts 457 of them, 30 Jan 2023 to 28 Jan 2024"
    ) in shown
    assert "from service-desk.csv: 461 incidents, 30 Jan 2023 to 31 Jan 2024." in shown
    assert "The 461 incidents of the weeks drawn above by type" in shown
    assert "on the export's own clock, 30 Jan 2023 to 28 Jan 2024" in shown
    assert "Until closed n = 500, 2 Jan 2023 to 31 Jan 2024." in shown


def test_weeks_that_are_not_drawn_are_said_and_marked_in_the_table(desk: Path) -> None:
    shown = words(str(open_report(desk).incidents().html))
    assert "4 earlier weeks with 39 incidents are not drawn, but in the table" in shown
    assert "2 Jan 2023 10 10 yes no" in shown
    assert "30 Jan 2023 7 7 yes yes" in shown


def test_the_types_of_an_import_carry_their_running_share(drawn: dict[str, Any]) -> None:
    asides = {row["name"]: row["aside"] for row in drawn["types-1"]["data"]["values"]}
    assert asides["Hardware"] == "67 % of all · 67 % so far"
    assert asides["Database"] == "8.7 % of all · 86 % so far"
    assert asides["Inquiry / Help"] == "6.5 % of all · 100 % so far"


def test_repeats_without_hours_are_drawn_by_how_often_they_come(drawn: dict[str, Any], desk: Path) -> None:
    rows = drawn["repeats"]["data"]["values"]
    assert rows[0]["name"] == "Printer … is not working"
    # 29 incidents in 395 days, by comparing every pair of masked texts in a loop, apart from the kit.
    assert rows[0]["value"] == pytest.approx(2.23)
    assert all(row["value"] and "#" not in row["name"] for row in rows)
    shown = words(str(open_report(desk).incidents().html))
    assert "“Printer … is not working” comes back most often: 2.2 times a month" in shown
    assert "How long the work on each takes is not known, so there are no hours." in shown


def test_the_legend_of_the_hours_counts_whole_incidents(drawn: dict[str, Any]) -> None:
    [colour] = [one["encoding"]["color"] for one in drawn["hours-1"]["layer"] if "color" in one["encoding"]]
    assert colour["legend"]["format"] == "d"


def test_the_figures_of_an_import_say_what_they_were_counted_from(desk: Path) -> None:
    head = words(str(open_report(desk).head().html))
    assert "n = 457, 30 Jan 2023 to 28 Jan 2024" in head
    assert "by similar texts, n = 500, 2 Jan 2023 to 31 Jan 2024" in head


def test_the_brush_and_the_click_have_one_name_in_both_charts(drawn: dict[str, Any]) -> None:
    def selections(name: str) -> set[str]:
        return {one["name"] for layer in drawn[name]["layer"] for one in layer.get("params", [])}

    def values(name: str) -> set[str]:
        return {one["name"] for one in drawn[name]["params"]}

    assert selections("weeks-1") == values("types-1") == {"link_weeks"}
    assert selections("types-1") == values("weeks-1") == {"link_type"}


# -- What an export cannot show ----------------------------------------------------------------------------------------


def test_a_cut_export_draws_the_days_it_holds_and_no_growth(tmp_path: Path) -> None:
    made = document(
        {},
        imports=[
            record(
                counted={"start": "2012-05-01", "end": "2012-05-03"},
                warnings=["The export was cut by activity."],
                weekly=[
                    {"week": "2012-04-23", "incidents": 27, "complete": False},
                    {"week": "2012-04-30", "incidents": 605, "complete": False},
                ],
                weekly_by_type=[{"week": "2012-04-30", "type": "a", "incidents": 605}],
                hours_of_week=[[1] * 24] * 7,
                daily=[
                    {"day": "2012-05-01", "incidents": 15, "p1_p2": 0},
                    {"day": "2012-05-02", "incidents": 312, "p1_p2": 1},
                    {"day": "2012-05-03", "incidents": 278, "p1_p2": 0},
                ],
            )
        ],
    )
    html = incidents_of(made)
    assert 'id="ak-days-1"' in html
    assert "ak-weeks-1" not in html
    assert "ak-hours-1" not in html, "three days are no week: Mondays would look quiet"
    shown = words(html)
    assert "605 incidents on the 3 days that the export holds in full" in shown
    assert "27 incidents of other days are not drawn" in shown
    assert "The export was cut by activity." in shown


@pytest.mark.parametrize(
    "more, title",
    [
        ({"cut_by_activity": True, "warnings": ["cut"]}, "18 incidents by week: mind how the export was cut"),
        ({"warnings": ["Times are out of order."]}, "18 incidents by week: mind what the import warns of"),
        ({}, "6 incidents a week on average over 3 complete weeks"),
    ],
)
def test_the_title_over_the_weeks_says_what_is_wrong_with_them(more: dict[str, Any], title: str) -> None:
    weekly = [{"week": f"2026-08-{day:02d}", "incidents": 6, "complete": True} for day in (3, 10, 17)]
    found = record(weekly=weekly, weekly_by_type=[{"week": week["week"], "incidents": 6} for week in weekly], **more)
    assert title in words(incidents_of(document({}, imports=[found])))


def test_a_single_incident_is_drawn_and_no_pattern_is_claimed() -> None:
    grid = [[0] * 24 for _ in range(7)]
    grid[2][9] = 1
    found = record(weekly_by_type=[{"week": "2026-08-03", "incidents": 1}], hours_of_week=grid)
    html = incidents_of(document({}, imports=[found]))
    assert "Too few incidents to tell a pattern of hours: 1" in words(html)
    assert 'id="ak-types-1"' not in html, "there is no type to choose"


@pytest.mark.parametrize(
    "more",
    [
        {"weekly_by_type": [{"week": "never", "incidents": 1}, {"week": "2026-08-03", "incidents": -1}, {}]},
        {"hours_of_week": [[1, 2], [3]]},
        {"hours_of_week": [[0] * 24] * 7},
        {"daily": [{"day": "2026-08-03", "incidents": True}]},
        {},
    ],
)
def test_what_cannot_be_read_is_not_drawn(more: dict[str, Any]) -> None:
    html = incidents_of(document({}, imports=[record(**more)]))
    assert "ak-weeks" not in html
    assert "ak-hours" not in html


def test_priorities_that_nobody_knows_are_none() -> None:
    found = tables_weeks.by_type(
        ImportRecord(
            source="x", weekly_by_type=[{"week": "2026-08-03", "incidents": 2, "priority": "urgent", "type": "a"}]
        )
    )
    assert found["priority"].tolist() == [tables_weeks.NO_PRIORITY]


@pytest.mark.parametrize("typed", HOSTILE)
def test_a_hostile_type_does_nothing_but_appear(typed: str) -> None:
    found = record(weekly_by_type=[{"week": "2026-08-03", "type": typed, "priority": "P1", "incidents": 2}])
    page = parsed(incidents_of(document({}, imports=[found])))
    assert page.acts == []
    rows = specifications(report(document({}, imports=[found])))["types-1"]["data"]["values"]
    assert "\x1b" not in json.dumps(rows, ensure_ascii=False)


# -- In a browser ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def html(desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = run_report(desk, tmp_path_factory.mktemp("page"), name="desk")
    assert made.error is None
    assert made.html_path is not None
    return made.html_path


@pytest.fixture
def page(browser: Any, html: Path) -> Iterator[Any]:
    """Return the report in a browser, which must have nothing to say."""
    said: list[str] = []
    opened = browser.new_page(viewport={"width": 1200, "height": 1000})
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(html.as_uri())
    opened.wait_for_selector("html[data-ak-charts=drawn]", state="attached")
    yield opened
    opened.close()
    assert said == []


def figures(page: Any) -> list[str]:
    """Return the numbers of the types as they are drawn: "12 of 309"."""
    texts = page.locator("#ak-types-1 svg text").all_text_contents()
    return [text for text in texts if re.fullmatch(r"[\d,]+ of [\d,]+", text)]


def told(page: Any, text: str) -> None:
    """Wait until the page says so."""
    page.locator("#ak-weeks-1 output", has_text=text).wait_for()


def test_a_brush_over_the_weeks_counts_the_types_in_them(page: Any) -> None:
    plot = page.locator("#ak-weeks-1 .ak-plot svg")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    height = box["y"] + box["height"] * 0.6
    page.mouse.move(box["x"] + box["width"] * 0.3, height)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, height, steps=4)
    page.mouse.up()
    told(page, " of 461 incidents in 16 weeks")
    numbers = figures(page)
    chosen = page.locator("#ak-weeks-1 output").inner_text().split(" of ")[0]
    assert sum(int(text.split(" of ")[0]) for text in numbers) == int(chosen)
    assert sorted(text.split(" of ")[1] for text in numbers) == ["30", "309", "36", "40", "46"]


def test_weeks_are_chosen_by_key_too(page: Any) -> None:
    first, last = (page.locator("#ak-weeks-1 select").nth(place) for place in (0, 1))
    assert "4 Sep 2023" in first.locator("option").all_text_contents(), "one form of a date in the whole report"
    first.select_option(label="1 Jan 2024")
    last.select_option(label="28 Jan 2024")
    # 7 + 4 + 10 + 9 incidents, as the export's weeks say.
    told(page, "30 of 461 incidents in 4 weeks")
    page.locator("#ak-weeks-1 button").press("Enter")
    page.locator("#ak-weeks-1 output:empty").wait_for(state="attached")
    assert figures(page) == []


def test_a_click_on_a_type_shows_its_weeks_and_a_second_one_all(page: Any) -> None:
    row = page.locator("#ak-types-1 .ak-plot")
    row.click(position={"x": 150, "y": 70})
    told(page, "46 of 461 incidents in 53 weeks: Network")
    row.click(position={"x": 150, "y": 70})
    page.locator("#ak-weeks-1 output:empty").wait_for(state="attached")


def test_a_click_on_a_section_opens_what_made_its_score(page: Any) -> None:
    details = page.locator("#score-incidents")
    assert details.get_attribute("open") is None
    page.locator("#ak-scores .ak-plot").click(position={"x": 300, "y": 10})
    page.locator("#score-incidents[open]").wait_for()
    assert page.evaluate("document.activeElement.closest('details').id") == "score-incidents"
    assert page.locator("#score-incidents .ak-list > li").count() > 1
    page.keyboard.press("Enter")
    page.locator("#score-incidents:not([open])").wait_for()
