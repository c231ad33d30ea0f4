"""Whoever is named in a column of people is named nowhere else: not in repeats, not in types, not in sources."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from assessment_kit.incidents import Import, read_export
from assessment_kit.incidents.masking import mask_one
from assessment_kit.incidents.people import names_in
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
    "On-call, last_status_change_by.summary, acknowledgements.acknowledger.summary, assignments.assignee.summary, "
    "caller_id.name, caller_id.display_value, caller_id.email, caller_id.user_name, opened_by.name, Caller.Name, "
    "User ID, resolved_by_user_id, Closed by name, Customer name, Customer email, customer.name, Incident commander, "
    "First name, Benutzer, Benutzername, Gemeldet von, Zugewiesen an, Erstellt von, GEÖFFNET VON, Geoeffnet von, "
    "Bearbeitet durch, Mitarbeiter/in, Techniker, Sachbearbeiter, Kundenname, Demandeur, Assigné à, ASSIGNÉ À, "
    "Assigne a, Créé par, CRÉÉ PAR, Nom du client, Asignado a, Creado por, Técnico, Nombre de usuario, Atribuído a, "
    "Criado por, Responsável, Assegnato a, Creato da, Richiedente, Toegewezen aan, Aangemaakt door, Melder, "
    "Cre\u0301e\u0301 par".split(", "),
)
def test_a_column_of_people_is_known_by_its_name(column: str) -> None:
    assert names_people(column)


@pytest.mark.parametrize(
    "column",
    "contact_type, caused_by, Caused by Change, owner_team, Owner Group, reassignment_count, business_service, "
    "user_impact, duplicated by, short_description, number, opened_at, user_count, Service, Assignment group, Team, "
    "Opened, Service name, Team.name, caller_id.department.name, caller_id.vip, Customer, Customer ID, Name, "
    "Gültig von, Zugewiesene Gruppe, Anzahl Benutzer, Verursacht durch, Groupe assigné, Créé à, Créé le, Causé par, "
    "Nombre d'utilisateurs, Servicio, Grupo asignado, Creado a las, Causado por, In carico da, Gruppo assegnato, "
    "Atribuído ao grupo, Aantal gebruikers, Veroorzaakt door, Contact method, Erstellt am".split(", "),
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


COLUMNS = ["number", "opened_at", "resolved_at", "caller_id", "opened_by", "contact_type", "category", "cmdb_ci"]


def record_of(tmp_path: Path, rows: list[tuple[str, str, str, str, str, str]]) -> dict[str, str]:
    """Return what is stored of incidents: who called, who opened, source, type, item and description, ten times."""
    tickets = [
        (f"INC{n}{at}", f"2026-01-{n + 1:02d} 10:{at:02d}", f"2026-01-{n + 1:02d} 12:00", *row)
        for n in range(10)
        for at, row in enumerate(rows)
    ]
    frame = pd.DataFrame(tickets, columns=[*COLUMNS, "short_description"])
    frame.assign(sys_id=frame["number"]).to_csv(tmp_path / "things.csv", index=False)
    part = read(tmp_path / "things.csv").teams["T"]
    return {
        "types": " ".join(sorted(str(row["type"]) for row in part.answers["incident-types"]["value"])),
        "sources": " ".join(sorted(str(row["source"]) for row in part.record["sources"])),
        "repeats": "; ".join(sorted(f"{row['text']} @ {row['item']}" for row in part.record["repeats"])),
    }


def test_types_and_sources_that_share_a_word_with_an_account_stay(tmp_path: Path) -> None:
    found = record_of(
        tmp_path,
        [
            ("SAP Interface", "Dynatrace", "Dynatrace", "SAP", "Zwirnbachs PC", "sap run aborted, told by zwirnbach"),
            ("Citrix Admin", "SolarWinds", "SolarWinds", "Citrix", "farm", "citrix farm does not answer"),
            ("Payments Batch", "Red Alert", "Red Alert", "Payments", "bank", "payments are not booked on red day"),
            ("Wilhelmina Zwirnbach", "SCOM", "Phone", "Mail", "mail", "scom says that wilhelmina has no mail"),
        ],
    )
    assert found["types"] == "Citrix Mail Payments SAP"
    assert found["sources"] == "Dynatrace Phone Red Alert SolarWinds"
    assert found["repeats"].split("; ") == [
        "[name] says that [name] has no mail @ mail",
        "citrix farm does not answer @ farm",
        "payments are not booked on red day @ bank",
        "sap run aborted told by [name] @ [name] pc",
    ]


def test_an_item_or_a_single_incident_makes_nobody_a_thing(tmp_path: Path) -> None:
    rows = [
        {
            "number": f"INC{n:04d}", "opened_at": f"2026-01-{n % 28 + 1:02d} 10:00", "caller_id": "Quirin Enzian",
            "assigned_to": "Xaver Birke", "short_description": "no answer to enzian and birke", "cmdb_ci": "Enzian",
            "category": "Birke" if n == 3 else "Network",
        }
        for n in range(30)
    ]  # fmt: skip
    pd.DataFrame(rows).to_csv(tmp_path / "n.csv", index=False)
    part = read(tmp_path / "n.csv").teams["T"]
    assert part.record["repeats"][0]["text"] == "no answer to [name] and [name]"
    assert named_in(json.dumps([part.answers, part.record])) == []


def test_a_column_of_people_that_is_read_as_the_source_makes_nobody_a_thing(tmp_path: Path) -> None:
    rows = [(f"INC{n}", f"2026-01-{n + 1:02d} 10:00", "no mail for birke", "Xaver Birke", "Birke") for n in range(20)]
    columns = ["number", "opened_at", "short_description", "caller_id", "closed_by"]
    pd.DataFrame(rows, columns=columns).to_csv(tmp_path / "s.csv", index=False)
    part = read_export(tmp_path / "s.csv", team="T", columns={"source": "closed_by"}).teams["T"]
    assert named_in(json.dumps([part.answers, part.record])) == []


def test_rows_of_one_incident_are_no_several(tmp_path: Path) -> None:
    rows = [
        ("INC1", "2026-11-24 09:00", "New", "Birke", "down for birke", "Birke"),
        ("INC1", "2026-11-24 10:00", "Work", "Birke", "down for birke", "Birke"),
        ("INC1", "2026-11-24 11:00", "Resolved", "Birke", "down for birke", "Birke"),
        ("INC2", "2026-11-25 09:00", "New", "Birke", "down for birke", "Network"),
        ("INC2", "2026-11-25 11:00", "Resolved", "Birke", "down for birke", "Network"),
    ]
    pd.DataFrame(rows, columns=["id", "time", "status", "caller", "summary", "category"]).to_csv(
        tmp_path / "e.csv", index=False
    )
    assert named_in(json.dumps(read(tmp_path / "e.csv").teams["T"].record)) == []


@pytest.mark.parametrize(
    "cell, names",
    [
        ("Hans Muster (Kreditoren)", {"Hans Muster"}),
        ("Doe, Jane (Cloud, Platform)", {"Doe", "Jane"}),
        ("Meier Eva, Abteilung Verkauf; Hans Muster", {"Meier Eva", "Hans Muster"}),
        ("田中太郎\uff08経理部\uff09", {"田中太郎"}),
        ("Hans Muster (hmu)", {"Hans Muster  hmu"}),
        ("Hans Muster (U1234)", {"Hans Muster  U1234"}),
        ("(Hans)", {"(Hans)"}),
        ("5b10a284-fade-cafe-beef-20165700ede2", set()),
    ],
)
def test_departments_and_ids_of_machines_are_no_names(cell: str, names: set[str]) -> None:
    assert {name.strip() for name in names_in(pd.Series([cell]))} == names


def test_names_in_a_nested_column_are_masked(tmp_path: Path) -> None:
    rows = [
        (f"INC{n}", f"2026-02-{n + 1:02d} 10:00", "Enzian kann nicht drucken", "Quirin Enzian", "Laptop Enzian")
        for n in range(20)
    ]
    columns = ["number", "opened_at", "short_description", "caller_id.name", "cmdb_ci"]
    pd.DataFrame(rows, columns=columns).to_csv(tmp_path / "d.csv", index=False)
    [group] = read(tmp_path / "d.csv").teams["T"].record["repeats"]
    assert (group["text"], group["item"]) == ("[name] kann nicht drucken", "laptop [name]")


def test_numbered_accounts_take_no_words_from_descriptions() -> None:
    text = "port opened and resolved for the caller group"
    assert mask_one(text, ["Opened by 8", "Resolver 10", "Caller 2403", "Resolved by 7"]) == text


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
