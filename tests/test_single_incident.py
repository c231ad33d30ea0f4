"""A team with one incident: what one case can tell is told, and nothing more."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from assessment_kit.evaluate import evaluate
from assessment_kit.pages.page_summary import coverage
from assessment_kit.pages.team_report import TeamReport
from assessment_kit.readings import Answers
from assessment_kit.results import OPEN_SPAN, Score
from tests.builders import GUIDE, document, per, said
from tests.report_pages import report_of
from tests.test_team_report import whole

ONE = {
    "team-size": 4,
    "hours-per-person": 130,
    "incident-volume": said(per(1, "month"), "measured", n=1),
    "p1-p2-volume": per(1, "month"),
    "incident-types": [{"type": "latency", "per_month": 1}],
    "repeat-share": said(0, "measured", n=1),
    "time-to-restore": said("45 min", "measured", median="45 min", worst="45 min", n=1),
    "repeat-incidents": [{"what": "x happened", "times": per(1, "month"), "hands_on": "45 min"}],
}


@pytest.fixture
def report(tmp_path: Path) -> TeamReport:
    return report_of(tmp_path, document(ONE))


@pytest.fixture
def soup(report: TeamReport) -> BeautifulSoup:
    return BeautifulSoup(whole(report), "html.parser")


def test_a_score_that_may_be_anything_names_no_level(soup: BeautifulSoup) -> None:
    title = soup.select_one("#ak-scores-title")
    assert title is not None
    assert title.get_text() == (
        "“Incident Metrics and Trends” may be at any level from 1.0 to 5.0: it rests on 1 of 3 scored answers"
    )
    row = soup.select_one("#ak-scores tbody tr")
    assert row is not None and [cell.get_text() for cell in row.select("td")][:3] == ["5.0", "1.0 to 5.0", "open"]
    reasons = soup.select_one(".ak-reason summary")
    assert reasons is not None and "5.0 open, 1.0 to 5.0 is possible" in reasons.get_text()


def test_a_score_is_open_from_three_steps_of_the_scale_on() -> None:
    def score(low: float, high: float) -> Score:
        return Score("a", "A", 3.0, low, high, 1.0, 2, 2, "", "Steady")

    assert score(1.0, 1.0 + OPEN_SPAN).called == "open"
    assert score(1.1, 1.0 + OPEN_SPAN).called == "Steady"


def test_an_open_total_is_no_level_in_the_opening() -> None:
    made = document(ONE)
    found = evaluate(made, GUIDE)
    overall = replace(found.overall, score=3.0, low=1.2, high=4.6, level_name="Steady")
    words = coverage(replace(found, overall=overall), Answers(made, GUIDE))
    assert words.startswith("Overall the level is open: the answers give 3.0 of 5, and 1.2 to 4.6 is possible.")
    sure = coverage(replace(found, overall=replace(overall, low=2.2)), Answers(made, GUIDE))
    assert sure.startswith("Overall that is level 3.0 of 5 (possible: 2.2 to 4.6), “Steady”.")


def test_one_case_has_no_middle_and_no_worst(soup: BeautifulSoup) -> None:
    page = soup.get_text(" ", strip=True).replace("\u00a0", " ")
    assert "Service is back after 45 min, as far as one incident can tell (0 min to 2 h 15 min, measured)." in page
    head = soup.select_one(".ak-figures")
    assert head is not None and "n\u00a0=\u00a01" in head.get_text() and "worst" not in head.get_text()


def test_one_is_counted_as_one(soup: BeautifulSoup) -> None:
    page = soup.get_text(" ", strip=True).replace("\u00a0", " ")
    assert "100 % of 1 incident " in page
    assert "1 of 1 incident a month (100 %)" in page
    assert "1 of 1 type has a number, together 1 of 1 incident a month." in page
    assert "1 of 1 row has both." in page
    assert "1 incidents" not in page and "1 of 1 type have" not in page and "1 of 1 row have" not in page


def test_an_interval_that_begins_at_zero_is_marked_where_a_logarithmic_scale_ends(report: TeamReport) -> None:
    figure = BeautifulSoup(whole(report), "html.parser").select_one("#ak-times")
    assert figure is not None and "Arrow: the interval begins at zero" in figure.select_one(".ak-subtitle").get_text()
    drawn = json.loads(figure.select_one("script").string)
    arrows = [layer for layer in drawn["layer"] if layer["mark"].get("shape") == "triangle-left"]
    lowest = next(layer["encoding"]["x"]["scale"]["domain"][0] for layer in drawn["layer"] if "x2" in layer["encoding"])
    assert [row["low"] for row in drawn["data"]["values"]] == [0]
    assert [f"datum.low < {lowest}" in layer["transform"][0]["filter"] for layer in arrows] == [True]


def test_no_arrow_is_explained_where_none_is_drawn(tmp_path: Path) -> None:
    known = said("45 min", low="30 min", high="1h")
    page = whole(report_of(tmp_path, document({**ONE, "time-to-restore": known})))
    assert "Arrow:" not in page and 'id="ak-times"' in page
