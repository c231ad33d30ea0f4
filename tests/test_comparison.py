"""What was said beside what was measured: one unit, ratios by hand, and every difference as a question."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from assessment_kit.comparison import pairs
from assessment_kit.pages import tables, tables_said
from assessment_kit.readings import Answers
from tests.builders import GUIDE, document, per, said, unknown
from tests.report_notebooks import HOSTILE
from tests.report_pages import report_of

#: Measured by an export: 70 incidents a month where the team said 20 a week, give or take 5; twice the time to restore.
ANSWERS: dict[str, Any] = {
    "incident-volume": said(per(70, "month"), "measured", said=said(per(20, "week"), low=15, high=25), source="x.csv"),
    "time-to-restore": said("2h", "measured", said=said("1h", low="50 min", high="70 min")),
    "repeat-share": said(30, "measured", said=unknown()),
    "alert-volume": said(per(10, "day")),
    "slo-alignment": said("known-here", "measured", said=said("not-defined")),
}


def answers_of(given: dict[str, Any]) -> Answers:
    return Answers(document(given), GUIDE)


def section(folder: Path, given: dict[str, Any], audience: str = "team") -> BeautifulSoup:
    html = str(report_of(folder, document(given), audience).comparison().html)
    return BeautifulSoup(html.replace("\u00a0", " "), "html.parser")


def test_only_numbers_that_were_said_and_measured_are_pairs() -> None:
    found = pairs(answers_of(ANSWERS))
    assert [(pair.question_id, pair.name, pair.apart) for pair in found] == [
        ("time-to-restore", "Time to restore", True),
        ("incident-volume", "Incidents a month", False),
    ]


def test_rates_are_compared_per_month() -> None:
    pair = next(pair for pair in pairs(answers_of(ANSWERS)) if pair.question_id == "incident-volume")
    assert (pair.said.value, pair.said.low) == pytest.approx((20 * 4.348, 15 * 4.348), rel=1e-3)
    assert (pair.measured.value, pair.ratio) == pytest.approx((70, 70 / 86.96), rel=1e-3)


def test_the_golden_data_of_the_paired_dots() -> None:
    rows = tables.records(tables_said.said_and_measured(pairs(answers_of(ANSWERS))))
    keys = ("figure", "one", "value", "said_low", "said_high", "apart")
    assert [row[key] for key in keys for row in rows[:1]] == [
        "1 h → 2 h", 1.0, 2.0, pytest.approx(5 / 6), pytest.approx(7 / 6), True,
    ]  # fmt: skip


def test_what_is_beyond_the_scale_is_drawn_at_its_end() -> None:
    far = {"alert-volume": said(per(1e6, "month"), "measured", said=said(per(1, "month")))}
    assert tables_said.said_and_measured(pairs(answers_of(far)))["value"].tolist() == [tables_said.FURTHEST]


def test_a_difference_is_asked_and_not_judged(tmp_path: Path) -> None:
    soup = section(tmp_path, ANSWERS)
    assert soup.select_one(".ak-title").get_text() == (
        "1 of 2 measured figures lies outside what the team said: a topic to talk about"
    )
    [question] = soup.select(".ak-list > li")
    assert question.p.get_text() == (
        "Time to restore: the team said 1 h (50 min to 1 h 10 min), measured were 2 h. "
        "What is counted there that makes it more?"
    )
    assert question.a["href"] == "#answer-time-to-restore"
    assert "A difference is not an error" in soup.get_text()


def test_the_table_has_words_and_choices_too(tmp_path: Path) -> None:
    rows = [row.get_text(" ") for row in section(tmp_path, ANSWERS).select("#ak-said tbody tr")]
    assert len(rows) == 4
    assert any("Not defined" in row and "Known to both" in row for row in rows)
    assert any("The team does not know" in row for row in rows)


def test_nothing_measured_is_said_in_words(tmp_path: Path) -> None:
    soup = section(tmp_path, {"alert-volume": per(3, "day")})
    assert soup.select("figure") == []
    assert "Nothing to compare yet" in soup.get_text()


def test_none_against_some_is_no_ratio(tmp_path: Path) -> None:
    none = {"alert-volume": said(per(5, "month"), "measured", said=said(per(0, "month")))}
    soup = section(tmp_path, none)
    assert soup.select("figure") == []
    assert "one of the two is none" in soup.get_text()
    assert len(soup.select(".ak-list > li")) == 1


def test_leadership_sees_figures_but_no_words_of_the_teams(tmp_path: Path) -> None:
    given = {
        "alert-volume": said(per(90, "day"), "measured", said=said(per(1, "day"), note="Dana says"), source="Dana")
    }
    assert "Dana" in section(tmp_path, given).get_text()
    shown = section(tmp_path, given, "leadership")
    assert "Dana" not in str(shown)
    assert len(shown.select(".ak-list > li")) == 1


def test_hostile_sources_only_appear(tmp_path: Path) -> None:
    given = {
        question: said(40, "measured", said=said(10), source=name)
        for question, name in zip(("repeat-share", "runbook-coverage", "firefighting-share"), HOSTILE, strict=False)
    }
    soup = section(tmp_path, given)
    assert [script["type"] for script in soup.find_all("script")] == ["application/json"]
    assert soup.find("img") is None
    for name in HOSTILE[:3]:
        assert name in soup.get_text()
