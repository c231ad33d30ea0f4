"""Charts: valid Vega-Lite without colours of their own, in which intervals are drawn and what is missing is not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import vl_convert
from altair.utils import schemapi

from assessment_kit import style
from assessment_kit.document import Document
from assessment_kit.evaluate import evaluate
from assessment_kit.pages import captions_flow, charts, report_parts, tables, tables_flow
from assessment_kit.pages.team_report import TeamReport, open_report
from tests.builders import COHERENT, GUIDE, document, per, said

DATA = Path(__file__).parent / "data" / "report"
NOW, BEFORE = DATA / "harbour-desk-2026-11-24.json", DATA / "harbour-desk-2026-05-12.json"

#: Every chart that the report of a full document holds, in the order of the page.
CHARTS = (
    "scores",
    "weeks-1",
    "incident-types",
    "repeats",
    "course",
    "times",
    "toil",
    "frequency",
    "payback",
    "what-if",
    "change-mix",
    "cause-mix",
    "engineering-times",
    "escalations",
    "escalation-times",
    "alerts",
    "coverage",
    "blind-spots",
    "hours",
    "said",
    "actions",
    "changes",
)

_FIGURE = re.compile(
    r'<figure class="ak-chart" id="ak-([a-z0-9-]+)".*?<script type="application/json" class="ak-specification">'
    r"(.*?)</script>",
    re.DOTALL,
)


def specifications(report: TeamReport) -> dict[str, dict[str, Any]]:
    parts = (
        report.scores,
        report.incidents,
        report.toil,
        report.engineering,
        report.observability,
        report.hours,
        report.comparison,
        report.plan,
        report.since,
    )
    html = "".join(str(part().html) for part in parts)
    return {name: json.loads(text) for name, text in _FIGURE.findall(html)}


def report_of(tmp_path: Path, made: Document) -> TeamReport:
    path = tmp_path / "document.json"
    path.write_text(made.model_dump_json(by_alias=True), encoding="utf-8")
    return open_report(path)


SPECIFICATIONS = specifications(open_report(NOW, BEFORE))


def walk(value: Any) -> Iterator[Any]:
    yield value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from walk(child)


def rows(name: str) -> list[dict[str, Any]]:
    return SPECIFICATIONS[name]["data"]["values"]


def marks(specification: dict[str, Any], mark_style: str) -> list[dict[str, Any]]:
    return [layer for layer in specification["layer"] if layer["mark"]["style"] == mark_style]


def test_a_full_document_has_every_chart() -> None:
    assert tuple(SPECIFICATIONS) == CHARTS


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_valid_vega_lite(name: str) -> None:
    # The compiler of the page's own bundle; warnings of the schema count.
    specification = SPECIFICATIONS[name] | {"config": style.vega_config()}
    vl_convert.vegalite_to_vega(specification)


def test_every_chart_keeps_to_the_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    # In the report a chart is not held against the schema each time: here it is.
    checked: list[str] = []

    real = report_parts.chart_fragment

    def check(chart: Any, *, name: str, **words: Any) -> Any:
        chart.to_dict(validate=True)
        checked.append(name)
        return real(chart, name=name, **words)

    monkeypatch.setattr(report_parts, "chart_fragment", check)
    specifications(open_report(NOW, BEFORE))
    assert sorted(checked) == sorted(CHARTS)


def test_a_report_does_not_check_its_charts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[object] = []
    monkeypatch.setattr(schemapi, "validate_jsonschema", lambda spec, *_, **__: checked.append(spec))
    specifications(open_report(NOW, BEFORE))
    assert checked == []


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_has_no_colours_of_its_own(name: str) -> None:
    for part in walk(SPECIFICATIONS[name]):
        if not isinstance(part, dict):
            continue
        for key in ("color", "fill", "stroke", "background"):
            value = part.get(key, "transparent")
            assert value == "transparent" or str(value).startswith("var(--ak-"), f"{key}: {value}"
    assert "config" not in SPECIFICATIONS[name]


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_follows_the_width_of_the_page_and_says_its_height(name: str) -> None:
    assert SPECIFICATIONS[name]["width"] == "container"
    assert isinstance(SPECIFICATIONS[name]["height"], int)


@pytest.mark.parametrize(
    "name", ["scores", "incident-types", "repeats", "course", "times", "payback", "change-mix", "hours"]
)
def test_an_interval_is_drawn(name: str) -> None:
    assert marks(SPECIFICATIONS[name], style.INTERVAL)


@pytest.mark.parametrize("name", ["incident-types", "repeats", "toil"])
def test_bars_are_sorted_and_none_is_drawn_for_what_is_not_known(name: str) -> None:
    values = [row["value"] for row in rows(name)]
    assert None not in values
    assert values == sorted(values, reverse=True)


def test_what_is_not_known_is_named_without_a_bar() -> None:
    missing = next(row for row in rows("cause-mix") if row["name"] == "Infrastructure problems")
    assert (missing["value"], missing["end"], missing["figure"]) == (None, None, "not known")
    for layer in SPECIFICATIONS["cause-mix"]["layer"]:
        if layer["mark"]["type"] == "bar":
            # Vega draws nothing at a place that is null; a part that is not known has no end.
            assert layer["encoding"]["x2"] == {"field": "end"}


def test_the_golden_data_of_the_toil_pareto() -> None:
    keys = ("name", "value", "figure", "aside")
    assert [tuple(row[key] for key in keys) for row in rows("toil")] == [
        ("1\u2002Restart the stuck import", 60, "60 h", "55 % so far"),
        ("2\u2002Morning checks", 30, "30 h", "82 % so far"),
        ("3\u2002Unlock accounts", 10, "10 h", "91 % so far"),
        ("4\u2002Weekly figures", 10, "10 h", "100 % so far"),
    ]


def test_the_golden_data_of_how_often_and_how_long() -> None:
    found = [(row["key"], row["times_text"], row["each_text"], row["can"]) for row in rows("frequency")]
    assert found == [
        ("t1", "60", "1 h", True),
        ("t2", "40", "45 min", True),
        ("t3", "20", "30 min", True),
        ("t4", "4", "2 h 30 min", False),
    ]
    # Equal hours lie on straight lines: at both ends, times x minutes are the same.
    lines = [layer for layer in SPECIFICATIONS["frequency"]["layer"] if layer["mark"]["type"] == "line"]
    words = ["5 h a month", "20 h a month", "100 h a month"]
    assert [line["data"]["values"][0]["word"] for line in lines] == words
    for line in lines:
        start, end = line["data"]["values"]
        assert start["times"] * start["each"] == pytest.approx(end["times"] * end["each"])


def test_the_golden_data_of_the_what_if() -> None:
    keys = ("name", "figure", "aside", "toil", "other", "gone")
    today, then = rows("what-if")
    over = [today[key].replace("\u00a0", " ") for key in keys[:3]]
    assert over == ["Today: 110 h manual, 130 h other", "240 h", "31 % of hours"]
    assert then["name"].replace("\u00a0", " ") == "1 automated: 56 h manual, 130 h other"
    assert then["gone"] == today["other"] == today["gone"]
    assert today["other"] - then["other"] == pytest.approx(today["toil"] - then["toil"])
    assert SPECIFICATIONS["what-if"]["data"]["name"] == "month"
    assert {row["cap"] for row in rows("what-if")} == {390}


def test_the_golden_data_of_engineering_beside_the_rest() -> None:
    names = ["With an engineering fix", "All others, computed", "All incidents"]
    assert [row["name"] for row in rows("engineering-times")] == names
    assert [row["kind"] for row in rows("alerts")] == ["all", "action", "noise", "incidents"]


@pytest.mark.parametrize("times, ratio", [("2h", True), ("20h", False)])
def test_times_that_contradict_each_other_are_not_compared(times: str, ratio: bool) -> None:
    answers = {
        "incident-volume": said(per(10, "month")),
        "engineering-involvement": said(per(5, "month")),
        "time-to-restore": said("90 min"),
        "engineering-restore-time": said(times),
    }
    evaluation = evaluate(document(answers), GUIDE)
    caption = captions_flow.engineering_times(tables_flow.engineering_times(evaluation), evaluation.metrics)
    assert ("times as long" in caption.title) is ratio
    assert caption.title.startswith("With an engineering fix")


def test_the_golden_data_of_the_month() -> None:
    assert [(row["name"], row["figure"], row["aside"]) for row in rows("hours")] == [
        ("The team's hours", "780 h", ""),
        ("Manual work (toil)", "110 h", "14 %"),
        ("Incidents", "91 h", "12 %"),
        ("Alert noise", "28 h", "3.6 %"),
        ("Escalations", "10 h", "1.3 %"),
        ("Everything else", "540 h", "69 %"),
    ]
    assert {row["capacity"] for row in rows("hours")} == {780}


def test_weeks_that_the_export_cuts_are_outlines() -> None:
    outline = marks(SPECIFICATIONS["weeks-1"], style.ABSENT)
    assert [layer["transform"][0]["filter"] for layer in outline] == ["!datum.complete && datum.incidents > 0"]
    assert [row["complete"] for row in rows("weeks-1")] == [False, True, True, False]
    assert rows("weeks-1")[0]["until"] == "2026-08-09"


def test_weeks_are_read_and_written_in_utc() -> None:
    # A week that begins on Monday in UTC would begin on Sunday for a reader in New York.
    x = SPECIFICATIONS["weeks-1"]["layer"][0]["encoding"]["x"]
    assert x["scale"]["type"] == "utc"
    assert x["axis"]["values"][0] == {"year": 2026, "month": 8, "date": 3, "utc": True}


def test_last_time_is_a_mark_of_its_own() -> None:
    assert marks(SPECIFICATIONS["scores"], style.BEFORE)
    assert [row["last"] is None for row in rows("scores")] == [False] * 5


def test_a_name_of_a_level_cannot_change_the_expression_it_stands_in() -> None:
    frame = tables.scores(open_report(NOW).evaluation).assign(aside="", spread="", last_text="")
    spec = charts.section_scores(frame, ["a'], window.x=1, ['", "b\\", "c", "d\n", "e"]).to_dict(validate=False)
    assert "['a, window.x1, ', 'b', 'c', 'd', 'e']" in json.dumps(spec).replace("\\", "")
    vl_convert.vegalite_to_vega(spec)


def test_the_fullest_document_is_drawn_too(tmp_path: Path) -> None:
    assert len(specifications(report_of(tmp_path, document(COHERENT)))) >= 12


def test_a_chart_of_ten_thousand_tasks_draws_fifteen_rows(tmp_path: Path) -> None:
    tasks = [
        {"task": f"t{n}", "times": per(n % 9 + 1, "week"), "each": 5, "automatable": "yes", "effort_hours": 8}
        for n in range(10_000)
    ]
    found = specifications(report_of(tmp_path, document({"toil-tasks": said(tasks)})))
    assert len(found["toil"]["data"]["values"]) == 15
    assert found["toil"]["data"]["values"][-1]["name"] == "9,986 others"
    assert len(found["payback"]["data"]["values"]) == 30


def test_a_single_row_without_spread_is_drawn() -> None:
    frame = pd.DataFrame([{"name": "a", "value": 0.0, "low": 0.0, "high": 0.0, "figure": "0 h", "spread": ""}])
    spec = charts.month_hours(frame.assign(kind="part", start=0.0, end=0.0, span_low=0.0, span_high=0.0), None)
    vl_convert.vegalite_to_vega(spec.to_dict(validate=True))
