"""JSON: a record is read as one, whatever it is wrapped in and whatever lists it holds itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assessment_kit.errors import ExportError
from assessment_kit.incidents import Import, read_export

EXPORTS = Path(__file__).parent / "data" / "exports"

UPDATES = [{"id": f"u{n}", "created_at": "2026-02-01 09:00", "status": "monitoring"} for n in range(3)]
INCIDENTS = [
    {"incident_id": n, "opened_at": f"2026-01-{n:02d} 10:00", "closed_at": f"2026-01-{n:02d} 11:00", "updates": UPDATES}
    for n in range(1, 11)
]
SERVICENOW = [
    {
        "number": f"INC{n}",
        "sys_id": "a1",
        "opened_at": "2026-01-01 10:00:00",
        "resolved_at": "2026-01-01 11:00:00",
        "work_notes_list": [{"created": "2026-01-01 10:10:00", "text": "…"}] * 2,
    }
    for n in range(6)
]
JIRA = [
    {
        "id": str(n),
        "key": f"OPS-{n}",
        "fields": {
            "created": "2026-02-01T10:00:00.000+0000",
            "resolutiondate": "2026-02-01T11:00:00.000+0000",
            "issuetype": {"id": "1", "name": "Incident"},
            "components": [{"id": "1", "name": "API"}, {"id": "2", "name": "Web"}],
            "comment": {"comments": [{"id": "1", "created": "2026-02-01T10:00:00.000+0000"}] * 9},
        },
    }
    for n in range(4)
]
ALERTS = [
    {
        "annotations": {"summary": "Disk full"},
        "startsAt": "2026-11-01T10:00:00Z",
        "endsAt": "2026-11-01T10:05:00Z",
        "fingerprint": f"f{n}",
        "receivers": [{"name": "webhook"}],
        "status": {"state": "active", "silencedBy": [], "inhibitedBy": []},
        "labels": {"alertname": f"Disk{n}", "severity": "critical"},
    }
    for n in range(3)
]


def stored(name: str, key: str) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads((EXPORTS / name).read_text(encoding="utf-8"))[key]
    return records


#: Records as tools give them, each holding lists, and which format they are.
RECORDS = {
    "updates": (INCIDENTS, "table"),
    "work notes": (SERVICENOW, "servicenow-list"),
    "cells": ([{key: {"display_value": value} for key, value in one.items()} for one in SERVICENOW], "servicenow-list"),
    "comments": (JIRA, "jira"),
    "receivers": (ALERTS, "alertmanager"),
    "one receiver": (ALERTS[:1], "alertmanager"),
    "responders": (stored("opsgenie.json", "data"), "opsgenie"),
    "assignments": (stored("pagerduty-incidents.json", "incidents"), "pagerduty"),
    "incident updates": (stored("statuspage.json", "incidents"), "statuspage"),
}
#: What tools wrap records in.
WRAPPINGS = {
    "list": json.dumps,
    "lines": lambda records: "\n".join(map(json.dumps, records)),
    "result": lambda records: json.dumps({"result": records}),
    "page": lambda records: json.dumps({"issues": records, "startAt": 0, "maxResults": 50, "total": len(records)}),
    "a time": lambda records: json.dumps({"generated_at": "2026-11-28T10:00:00Z", "incidents": records}),
    "pages": lambda records: json.dumps([{"data": records[:1]}, {"data": records[1:]}, {"data": []}]),
    "lines of pages": lambda records: "\n".join(json.dumps({"data": [record], "more": True}) for record in records),
    "nodes": lambda records: json.dumps({"data": {"incidents": {"nodes": records}}}),
    "edges": lambda records: json.dumps({"data": {"incidents": {"edges": [{"node": each} for each in records]}}}),
    "each by itself": lambda records: json.dumps([{"incident": record} for record in records]),
    "beside": lambda records: json.dumps({"page": {"id": "p", "updated_at": "2026-01-01"}, "incidents": records}),
    "another name": lambda records: json.dumps({"Export": "Vorfälle", "Liste": records}),
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@pytest.mark.parametrize("name", RECORDS)
def test_every_record_is_one_row_in_whatever_it_comes(name: str, wrapping: str, tmp_path: Path) -> None:
    records, form = RECORDS[name]
    found = read(tmp_path, WRAPPINGS[wrapping](records))
    assert (found.format, found.rows_read) == (form, len(records))


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("key", ["", "result", "incident", "data", "alert"])
def test_an_answer_with_one_record_is_read_as_one(name: str, key: str, tmp_path: Path) -> None:
    records, form = RECORDS[name]
    document = {key: records[0], "took": 0.3, "requestId": "r"} if key else records[0]
    found = read(tmp_path, json.dumps(document))
    assert (found.format, found.rows_read, found.incidents) == (form, 1, 1)


def test_a_status_page_keeps_impact_and_maintenance_line_by_line(tmp_path: Path) -> None:
    found = read(tmp_path, "\n".join(map(json.dumps, stored("statuspage.json", "incidents"))))
    assert found.to_dict()["left_out"] == {"planned maintenance, not incidents": 1}
    assert found.measures["p2"].value == 1


def test_a_list_that_is_not_read_is_named(tmp_path: Path) -> None:
    components = [{"id": str(n), "name": "API", "created_at": "2020-01-01T00:00:00Z"} for n in range(30)]
    found = read(tmp_path, json.dumps({"components": components, "incidents": INCIDENTS}))
    assert found.incidents == 10
    assert "Lists beside the records are not read: 'components' (30)." in found.decisions


@pytest.mark.parametrize("key", ["items", "values", "notes"])
def test_parts_of_a_record_without_a_number_are_no_records(key: str, tmp_path: Path) -> None:
    records = [{"Beginn": "2026-01-01 10:00", "Art": "x", key: UPDATES} for _ in range(4)]
    (tmp_path / "x.json").write_text(json.dumps(records), encoding="utf-8")
    assert read_export(tmp_path / "x.json", team="T", columns={"opened": "Beginn"}).rows_read == 4


def test_what_a_tool_sent_may_be_kept_with_when_it_came(tmp_path: Path) -> None:
    lines = [json.dumps({"received_at": "2026-11-01T10:00:09Z", "alerts": [alert]}) for alert in ALERTS]
    assert read(tmp_path, "\n".join(lines)).incidents == 3


def test_an_empty_list_of_records_is_empty_and_nothing_else_is_taken_for_it(tmp_path: Path) -> None:
    document = {"page": {"id": "p", "updated_at": "2026-01-01"}, "incidents": []}
    with pytest.raises(ExportError, match="its list of records is empty"):
        read(tmp_path, json.dumps(document))


@pytest.mark.parametrize("lines", [False, True])
def test_what_is_no_record_is_counted_and_shown(lines: bool, tmp_path: Path) -> None:
    values = [INCIDENTS[0], 42, "note", INCIDENTS[1]]
    found = read(tmp_path, "\n".join(map(json.dumps, values)) if lines else json.dumps(values))
    [entry] = found.left_out
    assert (entry.reason, entry.rows, found.rows_read) == ("values between the records that are no records", 2, 4)
    assert entry.examples == ("place 2: '42'", "place 3: 'note'")


def test_a_separator_of_lines_within_a_text_ends_no_record(tmp_path: Path) -> None:
    records = [each | {"note": "one\u2028two\x85three"} for each in INCIDENTS]
    found = read(tmp_path, "\n".join(json.dumps(record, ensure_ascii=False) for record in records))
    assert (found.rows_read, found.incidents) == (10, 10)


def read(folder: Path, text: str) -> Import:
    (folder / "export.json").write_text(text, encoding="utf-8")
    return read_export(folder / "export.json", team="T")


def test_of_several_teams_of_an_incident_the_first_counts_and_that_is_said(tmp_path: Path) -> None:
    teams = [[{"summary": "Ops"}, {"summary": "Dev"}], [{"summary": "Ops"}], [{"summary": "Dev"}, {"summary": "Ops"}]]
    records = [
        {"incident_number": n, "created_at": f"2026-02-0{n}T10:00:00Z", "urgency": "high", "teams": each}
        for n, each in enumerate(teams, 1)
    ]
    (tmp_path / "e.json").write_text(json.dumps({"incidents": records}))
    found = read_export(tmp_path / "e.json", team_column="teams.summary")
    assert {name: part.measures["incidents"].value for name, part in found.teams.items()} == {"Ops": 2, "Dev": 1}
    assert "Of several 'teams' in 2 records the first counts." in found.decisions
