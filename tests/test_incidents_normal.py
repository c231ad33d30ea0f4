"""Rows to incidents: what counts as an incident, in which state, and what is not recorded rather than zero."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from assessment_kit.incidents import SCHEMA, Import, read_export
from assessment_kit.incidents.scales import SCALE, SCALES_OF, priorities
from assessment_kit.incidents.texts import categories

Reader = Callable[..., Import]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    def read_text(text: str, **options: object) -> Import:
        (tmp_path / "export.csv").write_text(text, "utf-8")
        return read_export(tmp_path / "export.csv", **options)  # type: ignore[arg-type]

    return read_text


def tidy(found: Import) -> pd.DataFrame:
    [part] = found.teams.values()
    return part.tidy


# ----------------------------------------------------------------------------------------------------------- priorities


@pytest.mark.parametrize(
    "spelt, expected",
    [
        (["1", "2", "3", "4", "5"], ["P1", "P2", "P3", "P4", "P5"]),
        (["1 - Critical", "2 - High", "3 - Moderate"], ["P1", "P2", "P3"]),
        (["P1", "p2", "Sev-3", "SEV 4", "S5", "Priority 1"], ["P1", "P2", "P3", "P4", "P5", "P1"]),
        (["Critical", "High", "Moderate", "Low", "Planning"], ["P1", "P2", "P3", "P4", "P5"]),
        # A word means the same whatever stands beside it.
        (["Major", "High", "Low"], ["P2", "P2", "P4"]),
        # But for one whole scale, of Siebel desks, known by its four words.
        (["Major", "High", "Medium", "Low"], ["P1", "P2", "P3", "P4"]),
        (["Major", "High", "Medium", "Low", "Critical"], ["P2", "P2", "P3", "P4", "P1"]),
        (["major"], ["P2"]),
        (["Blocker", "critical", "Major"], ["P1", "P1", "P2"]),
        (["critical", "major", "minor", "none"], ["P1", "P2", "P3", "P4"]),
        (["P0", "P1"], ["P1", "P1"]),
        (["1.0", "2.0", "3,0", "4.00 - Low", "P5.0"], ["P1", "P2", "P3", "P4", "P5"]),
        (["1.5", "1.05", "10.0"], [None, None, None]),
        (["1st line", "2012", "fast", "?", ""], [None, None, None, None, None]),
    ],
)
def test_every_spelling_of_a_priority(spelt: list[str], expected: list[str | None]) -> None:
    found = priorities(categories(pd.Series(spelt, dtype=str)), "priority").values
    assert [None if pd.isna(level) else level for level in found] == expected


def test_the_mapping_is_told_and_what_is_not_understood_too() -> None:
    found = priorities(categories(pd.Series(["Major", "High", "High", "fast"], dtype=str)), "Impact")
    assert found.notes.decisions == (
        "Priority is read from 'Impact': 'High' is P2 (2 tickets) and 'Major' is P2 (1 ticket).",
        "Words that tools read differently are read as on status pages: 'major' is P2 (elsewhere P1 or P3).",
    )
    assert found.notes.warnings == (
        "'Impact' holds 1 text that is no priority: the priority of 1 ticket counts as not recorded.",
    )
    assert [(entry.reason, entry.rows, entry.examples) for entry in found.notes.quotes] == [
        ("cells of 'Impact' that are no priority", 1, ("'fast'",))
    ]


@pytest.mark.parametrize(
    "name, form, expected",
    [
        ("Priority", "jira", {"Blocker": "P1", "Critical": "P2", "Major": "P3", "Minor": "P4", "Trivial": "P5"}),
        ("Priority", "jira", {"Highest": "P1", "High": "P2", "Medium": "P3", "Low": "P4", "Lowest": "P5"}),
        ("impact", "statuspage", {"critical": "P1", "major": "P2", "minor": "P3", "none": "P4"}),
        ("labels.severity", "alertmanager", {"critical": "P1", "warning": "P3", "info": "P4", "none": "P5"}),
        ("SR Latest Impact", "event-log", {"Major": "P1", "High": "P2", "Medium": "P3", "Low": "P4"}),
    ],
)
def test_a_word_of_a_known_tool_means_the_same_alone_as_among_others(
    name: str, form: str, expected: dict[str, str]
) -> None:
    for words in (list(expected), *([word] for word in expected)):
        found = priorities(categories(pd.Series(words, dtype=str)), name, form)
        assert list(found.values) == [expected[word] for word in words]
        assert not any("elsewhere" in text for text in found.notes.decisions), "its own scale is no question"


def test_every_word_of_a_priority_stands_in_the_docs() -> None:
    text = (Path(__file__).parents[1] / "docs" / "exports.md").read_text(encoding="utf-8")
    section = text.partition("## Words of priorities")[2].partition("\n## ")[0]
    for table, scale in (("| any other", SCALE), *((f"| {name} |", words) for name, words in SCALES_OF.items())):
        [line] = [line for line in section.splitlines() if line.startswith(table)]
        cells = [set(cell.strip().split(", ")) for cell in line.strip("|").split("|")[1:]]
        for word, level in scale.items():
            assert word in cells[level - 1], (table, word)


# -------------------------------------------------------------------------------------------------- what is an incident


def test_other_kinds_are_counted_by_themselves(read: Reader) -> None:
    found = read(
        "number,opened_at,state,category,made_sla\n"
        "INC1,2024-01-01,7,software,true\n"
        "INC2,2024-01-02,8,software,true\n"
        "CHG3,2024-01-03,7,software,true\n"
        "RITM4,2024-01-04,7,software,true\n"
        "INC5,2024-01-05,7,Planned maintenance,true\n"
        "INC6,2024-01-05,7,Test,true\n"
    )
    assert found.incidents == 1
    assert found.to_dict()["left_out"] == {
        "cancelled tickets": 1,
        "changes, not incidents": 1,
        "service requests, not incidents": 1,
        "planned maintenance, not incidents": 1,
        "tests, not incidents": 1,
    }
    assert found.rows_used == 1


def test_a_word_inside_a_type_does_not_make_it_another_kind(read: Reader) -> None:
    found = read(
        "id,opened,type\n1,2024-01-01,Request timeout\n2,2024-01-02,Failed change\n3,2024-01-03,Test system down\n"
    )
    assert found.incidents == 3


def test_the_last_state_of_a_ticket_counts(read: Reader) -> None:
    text = (
        "number,opened_at,resolved_at,sys_updated_on,priority\n"
        "INC1,2024-01-01 10:00,2024-01-01 12:00,2024-01-01 12:00,1\n"
        "INC1,2024-01-01 10:00,,2024-01-01 10:30,3\n"
        "INC2,2024-01-02 10:00,,2024-01-02 10:30,3\n"
    )
    found = read(text)
    frame = tidy(found).set_index("id")
    assert frame.loc["INC1", "priority"] == "P1"
    assert frame.loc["INC1", "restore_minutes"] == 120
    assert found.to_dict()["left_out"] == {"earlier rows of a ticket that comes again": 1}


def test_tickets_without_a_number_are_all_tickets(read: Reader) -> None:
    found = read("number,opened_at,made_sla\n,2024-01-01,true\n,2024-01-02,true\n")
    assert tidy(found)["id"].tolist() == ["row 2", "row 3"]


def test_the_tidy_frame_has_the_documented_columns(read: Reader) -> None:
    frame = tidy(read("id,opened\n1,2024-01-01\n"))
    # Descriptions and names find repeats, and go no further.
    assert list(frame.columns) == [name for name in SCHEMA if name not in ("description", "caller", "assignee")]
    for column in ("opened", "resolved", "closed", "ended"):
        assert frame[column].dtype == np.dtype("datetime64[us]")
    assert frame["priority"].cat.categories.tolist() == ["P1", "P2", "P3", "P4", "P5"]


# ------------------------------------------------------------------------------------------------------------ durations


def test_times_out_of_order_count_in_the_volume_and_not_in_the_durations(read: Reader) -> None:
    found = read(
        "id,opened,resolved,closed\n"
        "1,2024-01-01 10:00,2024-01-01 11:00,2024-01-01 12:00\n"
        "2,2024-01-02 10:00,2024-01-02 09:00,2024-01-02 12:00\n"
        "3,2024-01-03 10:00,2024-01-03 13:00,2024-01-03 12:00\n"
        "4,2024-01-04 10:00,,\n"
    )
    mean = found.measures["restore_mean_hours"]
    assert (mean.value, mean.n, mean.n_left_out) == (1.0, 1, 3)
    assert found.measures["incidents"].value == 4
    assert found.measures["out_of_order"].value == 2
    assert found.warnings == (
        "Times are out of order in 2 incidents of the 3 that ended (1 ended before they were opened, 1 resolved later "
        "than closed): they count in the volume, not in the time to restore (row 3 (2); row 4 (3)).",
    )


def test_closed_stands_in_where_resolved_was_never_kept(read: Reader) -> None:
    rows = "".join(f"{n},2024-01-{n % 27 + 1:02d} 10:00,,2024-01-{n % 27 + 1:02d} 12:00\n" for n in range(30))
    found = read("id,opened,resolved,closed\n" + rows)
    assert found.measures["restore_mean_hours"].value == 2.0
    assert (
        "Time to restore is from 'opened' to 'closed', because no time of restoration is recorded." in found.decisions
    )


def test_statistics_of_durations(read: Reader) -> None:
    hours = [1, 2, 3, 4, 90]
    rows = "".join(f"{n},2024-01-01 00:00,{pd.Timestamp('2024-01-01') + pd.Timedelta(hours=n)}\n" for n in hours)
    measures = read("id,opened,resolved\n" + rows).measures
    assert measures["restore_mean_hours"].value == 20
    assert measures["restore_median_hours"].value == 3
    assert measures["restore_worst_hours"].value == 90
    assert measures["restore_p90_hours"].value == pytest.approx(np.quantile(hours, 0.9))
    # 20 plus and minus two standard errors, but a mean of durations lies between 0 and the longest.
    assert measures["restore_mean_hours"].low == 0
    assert measures["restore_mean_hours"].high == pytest.approx(20 + 2 * np.std(hours, ddof=1) / 5**0.5)


# --------------------------------------------------------------------------------------------------------- not recorded


def test_a_field_that_is_almost_always_empty_is_not_recorded_rather_than_zero(read: Reader) -> None:
    rows = "".join(f"{n},2024-01-{n % 27 + 1:02d},{'0' if n < 4 else ''}\n" for n in range(100))
    reopened = read("id,opened,reopened\n" + rows).measures["reopened"]
    assert reopened.value is None
    assert reopened.reason == "'reopened' is filled in 4 incidents of 100: not recorded"


def test_a_field_that_is_kept_and_always_zero_is_zero(read: Reader) -> None:
    found = read("id,opened,reopen_count,made_sla\n1,2024-01-01,0,true\n2,2024-01-02,0,yes\n")
    assert found.measures["reopened"].value == 0
    assert (found.measures["sla_missed"].value, found.measures["sla_missed"].n) == (0, 2)


def test_without_priority_no_p1_is_counted_and_none_is_claimed(read: Reader) -> None:
    rows = "".join(f"{n},2024-01-{n % 27 + 1:02d}\n" for n in range(60))
    found = read("id,opened\n" + rows, team="A")
    assert found.measures["p1"].reason == "the export has no column for priority, severity or impact"
    assert found.measures["p1_p2_per_week"].value is None
    assert found.teams["A"].answers.keys() == {"incident-volume"}
    assert {week["p1_p2"] for week in found.teams["A"].record["weekly"]} == {None}


def test_handed_over_and_reopened_are_counted_by_ticket(read: Reader) -> None:
    found = read("id,opened,reassignment_count,reopen_count\n1,2024-01-01,0,2\n2,2024-01-02,3,0\n3,2024-01-03,1,x\n")
    measures = found.measures
    assert (measures["reassigned"].value, measures["hand_offs"].value) == (2, 4)
    assert (measures["reopened"].value, measures["reopened"].n, measures["reopened"].n_left_out) == (1, 2, 1)


# ------------------------------------------------------------------------------------------------------------ event log

LOG = (
    "ticket_id,timestamp,status,team,priority\n"
    "A,2024-01-01 12:00,Resolved,Two,2\n"
    "A,2024-01-01 10:00,New,One,3\n"
    "A,2024-01-01 11:00,In progress,Two,3\n"
    "A,2024-01-01 13:00,In progress,One,1\n"
    "A,2024-01-01 15:00,Closed,One,1\n"
    "B,2024-01-02 10:00,New,Two,4\n"
    "B,2024-01-02 11:00,In progress,,4\n"
    "B,2024-01-02 12:00,In progress,Two,4\n"
)


def test_a_ticket_of_an_event_log(read: Reader) -> None:
    found = read(LOG)
    assert found.format == "event-log"
    a, b = (row for _, row in tidy(found).set_index("id").sort_index().iterrows())
    assert a["opened"] == pd.Timestamp("2024-01-01 10:00")
    assert a["resolved"] == pd.Timestamp("2024-01-01 12:00"), "the first event that ends it"
    assert a["closed"] == pd.Timestamp("2024-01-01 15:00")
    assert (a["team"], a["priority"]) == ("One", "P1"), "those of the last event"
    assert (a["reassignments"], a["reopened"]) == (2, 1)
    assert pd.isna(b["resolved"])
    assert b["reassignments"] == 0, "an event that names no team changes nothing"


def test_an_event_log_whose_statuses_end_nothing_has_no_durations(read: Reader) -> None:
    found = read("id,time,status\n1,2024-01-01 10:00,New\n1,2024-01-01 12:00,Waiting\n")
    assert found.measures["restore_mean_hours"].reason == "no status ends a ticket: 'status' holds 'New', 'Waiting'"


def test_events_without_time_or_ticket_are_counted(read: Reader) -> None:
    found = read(LOG + "C,,New,One,1\n,2024-01-03 10:00,New,One,1\n")
    assert found.to_dict()["left_out"] == {"rows without a time": 1, "rows without a ticket number": 1}


# ----------------------------------------------------------------------------------------------------------- into teams

TEAMS = "id,opened,squad\n" + "".join(
    f"{n},2024-01-{n % 27 + 1:02d},{'Big' if n % 3 else 'small'}\n" for n in range(60)
)


def test_teams_below_the_minimum_are_left_out_and_counted(read: Reader) -> None:
    found = read(TEAMS + "x,2024-01-01,\n", team_column="Squad", min_incidents=30)
    assert list(found.teams) == ["Big"]
    assert found.teams_left_out == {"small": 20}
    assert found.to_dict()["left_out"] == {
        "rows without a team in 'squad'": 1,
        "rows of teams with fewer than 30 incidents": 20,
    }
    assert "1 team with fewer than 30 incidents (20 incidents together) is left out." in found.decisions
    assert found.teams["Big"].record["left_out"] == {"rows of other teams": 21}


def test_teams_are_in_alphabetical_order_and_share_one_period(read: Reader) -> None:
    found = read(TEAMS, team_column="squad")
    assert list(found.teams) == ["Big", "small"]
    [period] = {str(part.answers["incident-volume"]["period"]) for part in found.teams.values()}
    [weeks] = {tuple(week["week"] for week in part.record["weekly"]) for part in found.teams.values()}
    assert period
    assert weeks


def test_team_measures_add_up_to_the_whole(read: Reader) -> None:
    found = read(TEAMS, team_column="squad")
    for name in ("incidents", "incidents_per_week"):
        parts = [part.measures[name].value or 0 for part in found.teams.values()]
        assert sum(parts) == pytest.approx(found.measures[name].value)


def test_without_a_team_column_all_belongs_to_the_team_named(read: Reader) -> None:
    assert list(read(TEAMS, team="Payments").teams) == ["Payments"]
    assert list(read(TEAMS).teams) == ["export"], "the file's name, when nobody says"


# ---------------------------------------------------------------------------------------------------------------- types


def test_types_beyond_ten_are_one_row_and_those_not_recorded_another(read: Reader) -> None:
    kinds = [f"kind {n:02d}" for n in range(14)] * 3 + ["Kind 00"] + [""] * 5
    rows = "".join(f"{n},2024-01-{n % 27 + 1:02d},{kind}\n" for n, kind in enumerate(kinds))
    rows = read("id,opened,category\n" + rows, team="A").teams["A"].answers["incident-types"]["value"]
    assert len(rows) == 12
    assert rows[0]["type"] == "kind 00", "spelt with a capital once, it is the same type"
    assert [row["type"] for row in rows[-2:]] == ["Other types", "Not recorded"]
    assert rows[-2]["note"] == "4 more types together"


def test_columns_can_be_mapped_by_hand(read: Reader) -> None:
    text = (
        "Fall,Beginn,Ende,Dringlichkeit\n1,05.01.2024 10:00,05.01.2024 11:00,2\n2,13.01.2024 10:00,13.01.2024 13:00,1\n"
    )
    found = read(text, columns={"id": "Fall", "opened": "beginn", "resolved": "Ende", "priority": "Dringlichkeit"})
    assert found.measures["restore_mean_hours"].value == 2.0
    assert (found.measures["p1"].value, found.measures["p2"].value) == (1, 1)


def test_the_summary_tells_the_whole_account(read: Reader) -> None:
    lines = "\n".join(read(TEAMS + "x,soon,Big\n", team_column="squad", min_incidents=30).summary())
    for part in (
        "export.csv: 61 rows read, 40 used; 60 incidents from 2024-01-01 to 2024-01-27.",
        "1 row in which an opened time cannot be read (for example row 62 (x): 'soon')",
        "Read as a table with one row per incident: id from 'id', opened from 'opened', team from 'squad'.",
        "Columns:\n  - id: 'id'\n  - opened: 'opened'\n  - team: 'squad'\n",
        "sla_missed, sla_missed_share: the export has no column for whether the ticket met its SLA",
        "1 team; 1 smaller team left out.",
    ):
        assert part in lines


def test_the_documented_columns_are_those_that_the_docs_name() -> None:
    text = (Path(__file__).parents[1] / "docs" / "exports.md").read_text(encoding="utf-8")
    assert [f"| `{name}` | {meaning} |" for name, meaning in SCHEMA.items()] == [
        line for line in text.partition("## The normal form")[2].splitlines() if line.startswith("| `")
    ]


def test_na_in_the_place_of_a_ticket_number_means_that_there_is_none(read: Reader) -> None:
    found = read("number,opened\nNA,2026-01-05 10:00\nNA,2026-01-06 10:00\nT3,2026-01-07 10:00\n")
    assert found.incidents == 3


def test_teams_that_differ_in_case_and_blanks_only_are_one(read: Reader) -> None:
    rows = "".join(f"{n},2024-01-{n % 27 + 1:02d},{('Ops', 'Ops', 'ops', 'OPS  ')[n % 4]}\n" for n in range(40))
    found = read("id,opened,squad\n" + rows, team_column="squad", min_incidents=30)
    assert list(found.teams) == ["Ops"]
    assert found.incidents == 40
    assert (
        "Teams in 'squad' that differ in upper and lower case only are one: 'Ops' (also 'OPS', 'ops')."
        in found.decisions
    )


def test_a_team_written_otherwise_is_no_hand_over_in_an_event_log(read: Reader) -> None:
    found = read(
        LOG.replace("10:00,New,One", "10:00,New,ONE").replace("11:00,In progress,Two", "11:00,In progress,one")
    )
    assert tidy(found).set_index("id").loc["A", "reassignments"] == 2


def test_a_link_whose_column_is_not_there_is_not_recorded(read: Reader) -> None:
    found = read("id,opened,problem_id,linked_change\n1,2024-01-01,PRB1,\n2,2024-01-02,,CHG1\n3,2024-01-03,,\n")
    assert found.measures["linked_defect"].value is None
    assert found.measures["linked_defect"].reason == "the export has no column for a link to a defect"
    assert (found.measures["linked_problem"].value, found.measures["linked_change"].value) == (1, 1)


@pytest.mark.parametrize("cell", ["infinity", "1e30", "1000000000"])
def test_a_count_that_cannot_be_is_missing_and_warned_about(read: Reader, cell: str) -> None:
    found = read(f"id,opened,reassignment_count\n1,2024-01-01,2\n2,2024-01-02,{cell}\n3,2024-01-03,1\n")
    assert (found.measures["hand_offs"].value, found.measures["hand_offs"].n) == (3, 2)
    assert (
        "'reassignment_count' holds a number too large for a count in 1 row (row 3 (2)): missing there."
        in found.warnings
    )


def test_millions_of_alerts_in_one_cell_take_no_memory_of_their_own(read: Reader) -> None:
    rows = "".join(f"{n},2024-01-{n % 27 + 1:02d} 10:00,{300_000_000 if n == 9 else 1}\n" for n in range(60))
    tracemalloc.start()
    found = read("id,opened,alert_count\n" + rows)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100e6
    assert found.measures["alerts"].value == 300_000_059
    assert (found.measures["alerts_per_week"].value or 0) * 27 / 7 == pytest.approx(300_000_059, rel=0.5)


def test_a_team_of_several_is_told_that_a_warning_is_about_all_of_them(read: Reader) -> None:
    rows = "".join(
        f"{n},2024-01-{n % 27 + 1:02d} 10:00,2024-01-{n % 27 + 1:02d} 09:00,{'AB'[n % 2]}\n" for n in range(9)
    )
    text = f"id,opened,resolved,squad\n{rows}10,2024-01-05 10:00,2024-01-05 11:00,A\n"
    [alone, *_] = read(text, team="T").teams["T"].record["warnings"]
    for part in read(text, team_column="squad").teams.values():
        assert part.record["warnings"][0] == f"In the export of all teams: {alone}"
