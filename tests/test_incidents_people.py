"""Whoever is named in a column of people is named nowhere else: not in repeats, not in types, not in sources."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from assessment_kit.incidents import Import, read_export
from assessment_kit.incidents.masking import mask_one
from assessment_kit.incidents.people_columns import names_people
from assessment_kit.intake import import_exports
from assessment_kit.report import run_report

#: A column of people each, and who stands in it.
WHO = {
    "caller_id": "Wilhelmina Zwirnbach",
    "assigned_to": "Xaver Birke",
    "closed_by": "Yolanda Cedrus",
    "opened_by": "Zacharias Distel",
    "resolved_by": "Quirin Enzian",
    "sys_updated_by": "ursula.farn",
    "u_requested_for": "Ottokar Ginster",
    "watch_list": "Nepomuk Hasel, Mechthild Jasminov",
}
PARTS = [part for name in WHO.values() for part in name.casefold().replace(",", "").replace(".", " ").split()]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    names = [name for cell in WHO.values() for name in cell.replace(".", " ").split(", ")]
    rows = [
        {
            "number": f"INC{n:04d}",
            "opened_at": f"2026-01-{n % 28 + 1:02d} 10:00",
            "resolved_at": f"2026-01-{n % 28 + 1:02d} 12:00",
            "category": f"Laptop of {names[n % len(names)]}" if n % 2 else "Network",
            "contact_type": f"Call by {names[n % len(names)]}",
            "short_description": f"Password reset for {names[n % len(names)].upper()} fails again",
            **WHO,
        }
        for n in range(56)
    ]
    pd.DataFrame(rows).to_csv(tmp_path / "export.csv", index=False)
    return tmp_path / "export.csv"


def named_in(text: str) -> list[str]:
    return [part for part in PARTS if part in text.casefold()]


def test_nobody_is_named_in_records_and_answers(export: Path) -> None:
    found = read_export(export, team="A")
    part = found.teams["A"]
    assert found.format == "servicenow-list"
    assert part.record["repeats"][0]["text"] == "password reset for [name] fails again"
    assert part.record["repeats"][0]["incidents"] == 56
    assert named_in(json.dumps([part.answers, part.record, found.to_dict()])) == []
    types = {row["type"] for row in part.answers["incident-types"]["value"]}
    assert types == {"Network", "laptop of [name]"}


def test_nobody_is_named_in_document_report_and_notebook(export: Path, tmp_path: Path) -> None:
    done = import_exports([export], workspace=tmp_path / "assessments", day=date(2026, 11, 24), team="A")
    run_report(done.written[0].path, tmp_path / "out")
    files = [done.written[0].path, *(tmp_path / "out").rglob("*.html"), *(tmp_path / "out").rglob("*.ipynb")]
    assert len(files) >= 2
    for path in files:
        assert named_in(path.read_text(encoding="utf-8")) == [], path.name


def test_people_of_a_metric_log_are_values_in_it(tmp_path: Path) -> None:
    rows = [
        ("INC1", "net down for Xaver", "Incident State Duration", "New", "2026-11-24 09:00:00"),
        ("INC1", "net down for Xaver", "Incident State Duration", "Resolved", "2026-11-24 11:00:00"),
        ("INC1", "net down for Xaver", "Assigned to Duration", "Xaver Birke", "2026-11-24 09:20:00"),
        ("INC2", "net down for Birke", "Incident State Duration", "New", "2026-11-25 09:00:00"),
        ("INC2", "net down for Birke", "Incident State Duration", "Resolved", "2026-11-25 11:00:00"),
    ]
    columns = ["inc_number", "inc_short_description", "mi_definition", "mi_value", "mi_start"]
    pd.DataFrame(rows, columns=columns).to_csv(tmp_path / "m.csv", index=False)
    [group] = read(tmp_path / "m.csv").teams["T"].record["repeats"]
    assert (group["text"], group["incidents"]) == ("net down for [name]", 2)


@pytest.mark.parametrize(
    "column",
    "closed_by, Opened by, resolvedByUserName, acknowledged_by_user_names, sys_updated_by, owner, Creator, requester, "
    "Contact, watch_list, Watchers, u_requested_for, fields.creator.displayName, report.closedBy, Reported by, "
    "On-call, last_status_change_by.summary, acknowledgements.acknowledger.summary, assignments.assignee.summary".split(
        ", "
    ),
)
def test_a_column_of_people_is_known_by_its_name(column: str) -> None:
    assert names_people(column)


@pytest.mark.parametrize(
    "column",
    "contact_type, caused_by, Caused by Change, owner_team, Owner Group, reassignment_count, business_service, "
    "user_impact, resolved_by_user_id, duplicated by, short_description, number, opened_at, user_count".split(", "),
)
def test_a_column_of_other_things_is_not_taken_for_one(column: str) -> None:
    assert not names_people(column)


@pytest.mark.parametrize(
    "name, text",
    [
        ("Jörg Müllerin", "Password of MUELLERIN expired"),
        ("Jörg Müllerin", "Password of mullerin expired"),
        ("Joerg Muellerin", "Password of Müllerin expired"),
        ("Zoë Agnès", "Password of agnes expired"),
        ("Sørensen", "Password of SOERENSEN expired"),
    ],
)
def test_names_are_known_in_every_spelling(name: str, text: str) -> None:
    assert mask_one(text, [name]) == "password of [name] expired"


def test_what_means_nothing_is_nobodys_name(tmp_path: Path) -> None:
    rows = [("A", "2026-01-01", "null pointer in billing", "NULL"), ("B", "2026-01-02", "null pointer in billing", "-")]
    pd.DataFrame(rows, columns=["id", "opened", "summary", "closed_by"]).to_csv(tmp_path / "n.csv", index=False)
    [group] = read(tmp_path / "n.csv").teams["T"].record["repeats"]
    assert group["text"] == "null pointer in billing"


def read(path: Path) -> Import:
    return read_export(path, team="T")


PRIVATE = "Private note by Wilhelmina Zwirnbach"


@pytest.mark.parametrize("where", ["resolved", "priority", "state", "caller", "started", "above", "date"])
def test_what_cannot_be_read_is_shown_and_not_stored(where: str, tmp_path: Path) -> None:
    row = {"id": "1", "opened": "01/13/2026 10:00", "resolved": "01/13/2026 11:00", "priority": "2 - High"}
    rows = [row | {"id": str(n)} for n in range(6)]
    written = {"caller": f"{{'display_value': '{PRIVATE}'}}", "date": f"01/13/2026 {PRIVATE}"}.get(where, PRIVATE)
    rows.append(row | {"id": "7", {"date": "resolved", "above": "note"}.get(where, where): written})
    frame = pd.DataFrame(rows).fillna("")
    text = frame.to_csv(index=False)
    (tmp_path / "x.csv").write_text(f"{PRIVATE} made this\n\n{text}" if where == "above" else text, encoding="utf-8")
    found = read(tmp_path / "x.csv")
    part = found.teams["T"]
    assert found.incidents == 7
    assert "Wilhelmina" not in json.dumps([part.answers, part.record], ensure_ascii=False)
    if where in ("resolved", "priority", "started", "above"):
        assert "Wilhelmina" in json.dumps(found.to_dict()["quotes"]), "whoever imports sees it"
        assert any("Wilhelmina" in line for line in found.summary())


def test_outages_that_go_by_a_thing_with_a_persons_name(tmp_path: Path) -> None:
    rows = [
        (f"2026-01-{day:02d} {hour}:00", state, "Zwirnbachs PC", "no answer for long", "Wilhelmina Zwirnbach")
        for day in range(1, 9)
        for hour, state in (("10", "down"), ("11", "up"))
    ]
    columns = ["timestamp", "status", "host", "message", "owner"]
    pd.DataFrame(rows, columns=columns).to_csv(tmp_path / "s.csv", index=False)
    part = read(tmp_path / "s.csv").teams["T"]
    [group] = part.record["repeats"]
    assert (group["item"], group["incidents"]) == ("[name] pc", 8)
    assert "zwirnbach" not in json.dumps([part.answers, part.record]).casefold()


@pytest.mark.parametrize("column", ["category", "cmdb_ci", "contact_type"])
def test_what_is_stored_of_things_names_nobody_however_it_is_typed(column: str, tmp_path: Path) -> None:
    named = ["Müllers PC", "PCMUELLER01", "王伟的电脑", "Mu\u0308ller desk"]
    rows = [
        {
            "number": f"INC{n:04d}", "opened_at": f"2026-01-{n % 28 + 1:02d} 10:00", "caller_id": "Jürgen Müller",
            "assigned_to": "王伟", "short_description": "screen is black", column: named[n % len(named)],
        }
        for n in range(40)
    ]  # fmt: skip
    pd.DataFrame(rows).to_csv(tmp_path / "n.csv", index=False)
    part = read(tmp_path / "n.csv").teams["T"]
    stored = json.dumps([part.answers, part.record], ensure_ascii=False).casefold()
    assert [word for word in ("müller", "mueller", "mu\u0308ller", "王伟") if word in stored] == []
