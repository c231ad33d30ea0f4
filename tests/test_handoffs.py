"""Incidents that need others, beside the rest: calculations by hand, and what a page says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from assessment_kit.estimate import Estimate
from assessment_kit.handoffs import engineering_involved, restore_time_of_the_rest, waiting
from assessment_kit.pages import report_engineering, tables, tables_flow
from assessment_kit.readings import Absent, Answers, Reading
from tests.builders import COHERENT, GUIDE, declined, document, evaluation, per, said, unknown
from tests.report_notebooks import HOSTILE
from tests.report_pages import page_of, report_of, visited

#: 100 incidents a month take 2 h on average; in 10 of them engineering changed something, and those take 6.5 h.
TIMES: dict[str, Any] = {
    "incident-volume": per(100, "month"),
    "time-to-restore": "2h",
    "engineering-involvement": per(10, "month"),
    "engineering-restore-time": "6h 30m",
}


def rest(answers: dict[str, Any]) -> Reading:
    return restore_time_of_the_rest(evaluation(answers))


def test_the_rest_is_the_mean_of_all_less_the_part_of_those_with_a_fix() -> None:
    """(120 - 0.1 x 390) / 0.9 = 90 min."""
    found = rest(TIMES)
    assert not isinstance(found, Absent)
    assert (found.value, found.low, found.high) == pytest.approx((90, 90, 90))
    assert found.basis == "measured"


def test_the_interval_of_the_rest_is_that_of_all_combinations() -> None:
    """All 100 to 140 min, with a fix 300 to 480 min: (100 - 48) / 0.9 and (140 - 30) / 0.9."""
    answers = TIMES | {
        "time-to-restore": said("2h", low="100 min", high="140 min"),
        "engineering-restore-time": said("6h 30m", low="5h", high="8h"),
    }
    found = rest(answers)
    assert not isinstance(found, Absent)
    assert (found.low, found.value, found.high) == pytest.approx((52 / 0.9, 90, 110 / 0.9))


@pytest.mark.parametrize(
    "changed, reason",
    [
        ({"engineering-restore-time": "30h"}, "alone would take longer than all incidents together"),
        ({"engineering-involvement": per(100, "month")}, "All incidents need an engineering fix"),
        ({"engineering-involvement": per(200, "month")}, "Incidents with an engineering fix exceed all incidents."),
        ({"time-to-restore": unknown()}, "the team does not know"),
        ({"engineering-involvement": declined()}, "the team declined to answer"),
    ],
)
def test_where_there_is_no_rest_it_says_why(changed: dict[str, Any], reason: str) -> None:
    found = rest(TIMES | changed)
    assert isinstance(found, Absent)
    assert reason in found.reason


@given(
    st.floats(0.1, 1e4),
    st.floats(0, 1e4),
    st.floats(1, 1e4),
    st.floats(1, 1e5),
    st.sampled_from(["estimated", "guess"]),
)
def test_the_rest_is_never_negative_and_always_in_order(
    incidents: float, involved: float, every: float, engineering: float, basis: str
) -> None:
    found = rest(
        {
            "incident-volume": said(per(incidents, "month"), basis),
            "engineering-involvement": said(per(involved, "month"), basis),
            "time-to-restore": said(f"{every:.2f} min", basis),
            "engineering-restore-time": said(f"{engineering:.2f} min", basis),
        }
    )
    if not isinstance(found, Absent):
        assert 0 <= found.low <= found.value <= found.high


def test_waiting_is_elapsed_hours_of_all_escalations() -> None:
    """12 a month x 45 min are 9 h."""
    made = document({"escalations-sre": per(12, "month"), "escalation-wait": "45 min"})
    found = waiting(evaluation({"escalations-sre": per(12, "month")}), Answers(made, GUIDE))
    assert not isinstance(found, Absent)
    assert (found.value, found.unit) == (9, "hours elapsed a month")


def test_the_share_with_a_fix_is_cut_at_a_hundred() -> None:
    made = {
        "incident-volume": said(per(10, "month"), "guess"),
        "engineering-involvement": said(per(9, "month"), "guess"),
    }
    found = engineering_involved(evaluation(made))
    assert not isinstance(found, Absent)
    assert (found.value, found.high) == (90, 100)


def test_the_golden_data_of_the_times() -> None:
    rows = tables.records(tables_flow.engineering_times(evaluation(TIMES)))
    assert [(row["name"], row["value"], row["figure"]) for row in rows] == [
        ("With an engineering fix", 390, "6 h 30 min"),
        ("All others, computed", 90, "1 h 30 min"),
        ("All incidents", 120, "2 h"),
    ]


# ------------------------------------------------------------------------------------------------------- on the page


def section(folder: Path, call: str, answers: dict[str, Any]) -> BeautifulSoup:
    return BeautifulSoup(str(getattr(report_of(folder, document(answers)), call)().html), "html.parser")


def titles(soup: BeautifulSoup) -> list[str]:
    return [title.get_text().replace("\u00a0", " ") for title in soup.select(".ak-title")]


def test_titles_say_what_was_found_with_n_of_n(tmp_path: Path) -> None:
    assert titles(section(tmp_path, "engineering", COHERENT)) == [
        "18 of 91 incidents a month need a configuration update (20 %)",
        "41 of 91 incidents a month are caused by application bugs (45 %)",
        "With an engineering fix incidents take 5.1 times as long as the others",
        "22 of 91 incidents a month go to the SRE teams (24 %)",
        "An escalated incident waits 45 min, and takes 30 min of the team's own work",
    ]
    assert titles(section(tmp_path, "observability", COHERENT)) == [
        "183 of 522 alerts a month need an action (35 %); the others take 28 h",
        "Services with an alert on what users feel: 70 %; 3 of 3 below the guide's level 4",
        "“partner gateway: files that never arrive” costs most: 6 h a month",
    ]


def test_levels_show_the_anchor_the_interval_and_the_next_step(tmp_path: Path) -> None:
    soup = section(tmp_path, "observability", COHERENT)
    upstream = next(row for row in soup.select(".ak-levels > li") if "upstream" in row.get_text())
    assert upstream.select_one(".ak-track")["aria-label"] == "level 2 of 5, 1.5 to 2.5 possible"
    assert upstream.select_one("b.ak-dot")["style"] == "--at:2.000"
    text = upstream.get_text()
    assert "We ask the SRE teams, and they look for us or send a picture." in text
    assert "One level up, Access, little used: We have access to their dashboards" in text
    assert [bool(step.strong) for step in upstream.select("details li")] == [False, True, False, False, False]


def test_a_level_that_nobody_answered_is_absent_and_not_the_lowest(tmp_path: Path) -> None:
    soup = section(tmp_path, "observability", {"slo-alignment": unknown(), "alert-volume": per(3, "day")})
    rows = soup.select(".ak-levels > li")
    assert len(rows) == 3
    assert soup.select(".ak-track b") == []
    assert "0 of 3 answered." in soup.get_text()
    assert "the team does not know" in rows[2].get_text()


@pytest.mark.parametrize("call", ["engineering", "observability"])
def test_a_team_without_answers_gets_words_and_no_chart(tmp_path: Path, call: str) -> None:
    soup = section(tmp_path, call, {})
    assert soup.select("figure") == []
    assert len(soup.select(".ak-missing")) >= 3


@pytest.mark.parametrize("call", ["engineering", "observability", "hours", "toil"])
def test_everything_unknown_is_said_and_never_zero(tmp_path: Path, call: str) -> None:
    soup = section(tmp_path, call, {question: unknown() for question in GUIDE.questions})
    assert soup.select("figure") == []
    assert "does not know" in soup.get_text()


def test_hostile_texts_of_blind_spots_only_appear(tmp_path: Path) -> None:
    spots = [{"area": name, "unseen": name, "effect": "high", "hours_lost": 1} for name in HOSTILE]
    soup = section(tmp_path, "observability", {"blind-spots": spots})
    assert [script["type"] for script in soup.find_all("script")] == ["application/json"]
    assert soup.find("img") is None
    for name in HOSTILE:
        assert soup.select("#ak-blind-spots table")[0].get_text().count(name) == 2


def test_the_same_incidents_are_marked_in_every_chart_of_the_section(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    report = report_of(tmp_path, document(COHERENT))
    path.write_text(page_of(report, "engineering", "observability"), encoding="utf-8")
    picked = "name => document.getElementById('ak-' + name).akView.signal('akPicked')"
    with visited(browser, path, viewport={"width": 1200, "height": 900}) as page:
        # The first row of the times is that of incidents with an engineering fix.
        page.locator("#ak-engineering-times svg").click(position={"x": 400, "y": 10})
        charts = ("engineering-times", "escalations", "escalation-times")
        assert [page.evaluate(picked, name) for name in charts] == ["engineering"] * 3
        below = page.locator("#ak-escalations .ak-picked-words").inner_text()
        assert below == "Needed an engineering fix: 6 a month (6.6 % of all); with an engineering fix 6 h."
        page.locator("#ak-coverage svg").click(position={"x": 400, "y": 2 * 48 + 10})
        assert page.evaluate(picked, "alerts") == "actionable-alerts"
        assert page.evaluate(picked, "escalations") == "engineering", "another section keeps its own selection"


def test_kinds_of_change_that_make_all_incidents_add_up_to_them() -> None:
    shares = {"code-change-share": 37, "config-change-share": 25, "architecture-share": 0}
    found = report_engineering.numbers_of(estimate_of(70), [*shares.values(), 38])
    assert sum(int(number) for number in found) == 70
    assert report_engineering.numbers_of(estimate_of(70), [37, 25, 37.7]) == ["26", "18", "26"], (
        "they are not all of 70"
    )
    assert report_engineering.numbers_of(estimate_of(4), [50, 12.5, 37.5]) == ["2", "0.5", "1.5"]
    assert report_engineering.numbers_of(None, [50]) == [""]


def test_shares_that_read_the_same_are_the_same_number_of_incidents() -> None:
    assert report_engineering.numbers_of(estimate_of(70), [38, 38, 24]) == ["27", "27", "16"]
    assert report_engineering.numbers_of(estimate_of(70), [37.6, 38.4, 24]) == ["27", "27", "16"]
    assert report_engineering.numbers_of(estimate_of(71), [50, 50]) == ["36", "36"], "no two halves of 71 add up"


def estimate_of(count: float) -> Estimate:
    return Estimate(count, count, count, "", "measured")
