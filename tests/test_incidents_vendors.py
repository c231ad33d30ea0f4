"""Exports of single tools, in the columns that each documents, become the same normal form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from assessment_kit.incidents import Import, read_export

EXPORTS = Path(__file__).parent / "data" / "exports"


def read(name: str, **options: Any) -> Import:
    return read_export(EXPORTS / name, team="T", **options)


def tickets(found: Import) -> pd.DataFrame:
    return found.teams["T"].tidy.set_index("id")


def at(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


# ---------------------------------------------------------------------------------------------------------- ServiceNow


def test_servicenow_list_with_labels_and_display_values_in_windows_1252() -> None:
    found = read("servicenow-labels.csv")
    assert found.format == "servicenow-list"
    assert "The file is read as Windows-1252." in found.decisions
    rows = tickets(found)
    assert rows.loc["INC0010001", "team"] == "Zürich Desk"
    assert rows.loc["INC0010001", "opened"] == at("2026-01-03 08:15"), "the 3rd of January: other rows show the order"
    assert rows["priority"].tolist() == ["P3", "P1", "P2", "P4", "P4"]
    assert rows["restore_minutes"].iloc[:2].tolist() == [120, 240]
    assert rows["linked"].astype(object).fillna("").tolist() == ["", "problem", "change", "", ""]
    assert rows["made_sla"].tolist() == [1, 0, 1, 1, 1]
    assert found.to_dict()["left_out"] == {"tests, not incidents": 1, "cancelled tickets": 1}


def test_servicenow_rest_takes_names_as_shown_and_times_as_they_are() -> None:
    found = read("servicenow-rest.json")
    assert found.format == "servicenow-list"
    rows = tickets(found)
    assert rows["team"].tolist() == ["Network Team", "Apps"]
    assert rows.loc["INC0000060", "opened"] == at("2026-03-01 09:30"), "the value, in UTC, not the display value"
    assert rows["priority"].tolist() == ["P2", "P3"]


def test_servicenow_metric_log_tells_states_and_teams_apart() -> None:
    found = read("servicenow-metrics.csv")
    assert found.format == "servicenow-metrics"
    assert (found.rows_read, found.rows_used, found.incidents) == (10, 9, 2)
    first = tickets(found).loc["INC0010001"]
    assert first["opened"] == at("2026-02-01 08:00")
    assert first["acknowledged"] == at("2026-02-01 08:20")
    assert first["resolved"] == at("2026-02-01 11:00")
    assert first["closed"] == at("2026-02-05 11:00")
    assert (first["team"], first["reassignments"], first["reopened"]) == ("Database", 1, 0)


def test_servicenow_one_row_per_update_counts_the_last_state() -> None:
    found = read("servicenow-states.csv")
    assert found.format == "servicenow-list"
    rows = tickets(found)
    assert rows.loc["INC0000045", "restore_minutes"] == 10 * 60 + 13
    assert (rows.loc["INC0000047", "priority"], rows.loc["INC0000047", "team"]) == ("P2", "Group 24")
    assert found.to_dict()["left_out"] == {"earlier rows of a ticket that comes again": 3}
    assert rows["linked"].astype(object).fillna("").tolist() == ["", "problem"], "a question mark links to nothing"


# ----------------------------------------------------------------------------------------------------------- PagerDuty


def test_pagerduty_analytics() -> None:
    found = read("pagerduty-analytics.csv")
    assert found.format == "pagerduty"
    rows = tickets(found)
    assert rows.loc["101", "acknowledged"] == at("2026-01-08 15:37:37"), "a minute after it was created"
    assert rows["restore_minutes"].iloc[:2].tolist() == [195 / 60, 4]
    assert rows["auto_resolved"].tolist() == [0, 1, 0]
    assert rows["escalated"].tolist() == [0, 0, 2]
    assert rows["priority"].isna().tolist() == [False, False, True], "urgency is no priority"


def test_pagerduty_rest_incidents() -> None:
    found = read("pagerduty-incidents.json")
    rows = tickets(found)
    assert rows.loc["1234", "resolved"] == at("2026-01-06 22:30:42")
    assert "of tickets that are 'resolved'" in found.measures["restore_mean_hours"].definition
    assert rows.loc["1235", "acknowledged"] == at("2026-01-07 21:32")
    assert pd.isna(rows.loc["1235", "resolved"])
    assert rows["alerts"].tolist() == [4, 1]
    assert rows["item"].tolist() == ["My Mail Service", "Files"]


def test_pagerduty_older_report() -> None:
    found = read("pagerduty-older.csv")
    assert found.format == "pagerduty"
    assert tickets(found)["restore_minutes"].tolist() == [60, 5]


# ------------------------------------------------------------------------------------------------------------ Opsgenie


@pytest.mark.parametrize("name", ["opsgenie.csv", "opsgenie.json"])
def test_opsgenie(name: str) -> None:
    found = read(name)
    assert found.format == "opsgenie"
    rows = tickets(found)
    assert rows.loc["1791", "opened"] == at("2026-01-01 10:00"), "milliseconds since 1970 in the CSV file"
    assert rows.loc["1791", "acknowledged"] == at("2026-01-01 10:02")
    assert rows.loc["1791", "restore_minutes"] == 120
    assert pd.isna(rows.loc["1792", "resolved"])
    assert rows["repeated_while_open"].tolist() == [4, 0]
    assert rows["team"].tolist() == ["Database", "Database"]


# ---------------------------------------------------------------------------------------------------------------- Jira


def test_jira_service_management() -> None:
    found = read("jira.csv")
    assert found.format == "jira"
    assert (found.rows_read, found.incidents) == (6, 2)
    assert found.to_dict()["left_out"] == {
        "changes, not incidents": 1,
        "service requests, not incidents": 1,
        "tasks and stories, not incidents": 1,
        "cancelled tickets": 1,
    }
    first = tickets(found).loc["OPS-1"]
    assert first["opened"] == at("2026-02-25 22:17")
    assert (first["restore_minutes"], first["type"], first["linked"]) == (120, "Checkout", "problem")
    assert any(text.startswith("Several columns are called 'Component/s'") for text in found.decisions)


# -------------------------------------------------------------------------------------------------- alerts and statuses


def test_alertmanager_webhooks_fold_notifications_of_one_alert() -> None:
    found = read("alertmanager.jsonl")
    assert found.format == "alertmanager"
    rows = found.teams["T"].tidy.sort_values("opened").set_index("opened")
    first = rows.loc[at("2026-01-05 10:00")]
    assert (first["restore_minutes"], first["alerts"], first["repeated_while_open"], first["rows"]) == (30, 2, 1, 3)
    assert pd.isna(rows.loc[at("2026-01-05 10:10"), "resolved"]), "year 1 is how Go writes no time"
    assert pd.isna(rows.loc[at("2026-01-06 10:00"), "resolved"]), "the same alert again is another incident"
    assert found.to_dict()["left_out"] == {"tests, not incidents": 1}
    assert found.rows_read == found.rows_used + 1


def test_statuspage_incidents() -> None:
    found = read("statuspage.json")
    assert found.format == "statuspage"
    assert found.to_dict()["left_out"] == {"planned maintenance, not incidents": 1}
    assert tickets(found)["item"].astype(object).fillna("").tolist() == ["API", "", "Webhooks"]
    assert found.measures["p2"].value == 1


def test_a_status_page_does_not_tell_when_the_impact_began() -> None:
    found = read("statuspage.json")
    measure = found.measures["detect_mean_minutes"]
    assert measure.value is None
    assert "a status page sets the start when the incident is entered" in measure.reason
    assert "time-to-detect" not in found.teams["T"].answers


@pytest.mark.parametrize("name", sorted(path.name for path in EXPORTS.iterdir() if path.name != "README.md"))
def test_every_row_is_accounted_for_and_nobody_is_named(name: str) -> None:
    found = read(name)
    assert found.rows_read == found.rows_used + sum(entry.rows for entry in found.left_out)
    stored = repr([(part.answers, part.record) for part in found.teams.values()])
    for private in ("Müller", "Anna Ö", "ada@example.com", "Earline", "Resolver 89", "Caller 2403"):
        assert private not in stored
