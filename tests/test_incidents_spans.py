"""Times of one incident that contradict each other are left out of the durations that they bound, and named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assessment_kit.errors import ExportError
from assessment_kit.incidents import Import, read_export

Reader = Callable[..., Import]

AFTER_THE_END = "'detected' is out of order in 1 of 3 incidents (1 noticed after the end)"
BEFORE_IT_BEGAN = "'detected' is out of order in 1 of 3 incidents (1 noticed before it began)"


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    def read_text(text: str, **options: object) -> Import:
        (tmp_path / "export.csv").write_text(text, "utf-8")
        return read_export(tmp_path / "export.csv", **options)  # type: ignore[arg-type]

    return read_text


def test_who_took_it_up_after_the_end_or_before_it_was_opened_is_left_out_and_named(read: Reader) -> None:
    found = read(
        "id,opened,acknowledged,resolved\n"
        "1,2024-01-01 10:00,2024-01-01 10:10,2024-01-01 11:00\n"
        "2,2024-01-02 10:00,2024-01-02 16:00,2024-01-02 11:00\n"
        "3,2024-01-03 10:00,2024-01-03 10:20,2024-01-03 11:00\n"
        "4,2024-01-04 10:00,2024-01-04 10:30,2024-01-04 11:00\n"
        "5,2024-01-05 10:00,2024-01-05 09:00,2024-01-05 11:00\n"
    )
    mean = found.measures["ack_mean_minutes"]
    assert (mean.value, mean.n, mean.n_left_out) == (20.0, 3, 2)
    assert found.measures["restore_mean_hours"].n == 5
    assert found.measures["out_of_order"].value == 2
    assert found.warnings == (
        "'acknowledged' is out of order in 2 of 5 incidents (1 taken up before it was opened, 1 taken up after the end)"
        ": these are left out of the time to take up (row 3 (2); row 6 (5)).",
    )


def test_durations_that_contradict_each_other_are_left_out_too(read: Reader) -> None:
    rows = "".join(f"{n},2026-01-{n:02d}T10:00:00Z,60,600,Default\n" for n in range(1, 9))
    found = read(
        "incident_number,created_at,seconds_to_first_ack,seconds_to_resolve,escalation_policy_name\n"
        f"{rows}9,2026-01-09T10:00:00Z,7200,600,Default\n"
    )
    assert found.format == "pagerduty"
    mean = found.measures["ack_mean_minutes"]
    assert (mean.value, mean.n, mean.n_left_out) == (1.0, 8, 1)
    told = "'seconds_to_first_ack' is out of order in 1 of 9 incidents (1 taken up after the end)"
    assert any(text.startswith(told) for text in found.warnings)


@pytest.mark.parametrize(
    "detected, opened, told",
    [
        ("2024-01-03 20:00", "2024-01-03 10:00", AFTER_THE_END),
        ("2024-01-03 09:00", "2024-01-03 10:00", BEFORE_IT_BEGAN),
        ("", "2024-01-03 09:00", ""),
    ],
)
def test_what_was_noticed_before_it_began_or_after_the_end_is_left_out_and_named(
    read: Reader, detected: str, opened: str, told: str
) -> None:
    found = read(
        "id,impact_start,detected,opened,resolved\n"
        "1,2024-01-01 09:50,2024-01-01 10:00,2024-01-01 10:00,2024-01-01 11:00\n"
        "2,2024-01-02 09:50,2024-01-02 10:00,2024-01-02 10:00,2024-01-02 11:00\n"
        f"3,2024-01-03 09:50,{detected},{opened},2024-01-03 11:00\n"
    )
    mean = found.measures["detect_mean_minutes"]
    assert (mean.value, mean.n, mean.n_left_out) == (10.0, 2, 1)
    assert [text.partition(":")[0] for text in found.warnings] == ([told] if told else [])


def test_a_start_later_than_the_opening_is_no_start_of_the_impact(read: Reader) -> None:
    found = read(
        "id,opened_at,started_at\n1,2024-01-01 10:00,2024-01-01 11:00\n2,2024-01-02 10:00,2024-01-02 10:00\n"
        "3,2024-01-03 10:00,2024-01-03 12:00\n"
    )
    measure = found.measures["detect_mean_minutes"]
    told = "'started_at' contradicts the other times in 2 of 3 incidents (2 opened before it began)"
    assert (measure.value, measure.reason) == (None, told)
    assert any(text.startswith(f"{told}: it is not used as the time the impact began") for text in found.warnings)


def test_a_time_that_the_impact_began_beside_the_opening_is_used(read: Reader) -> None:
    found = read("id,opened_at,started_at\n1,2024-01-01 10:00,2024-01-01 09:45\n")
    assert found.measures["detect_mean_minutes"].value == 15.0


def test_one_time_is_not_both_the_start_and_the_opening(read: Reader) -> None:
    found = read("id,impact_start,impact_end\n1,2024-01-01 10:00,2024-01-01 11:00\n")
    assert found.measures["detect_mean_minutes"].value is None
    assert found.measures["restore_mean_hours"].value == 1.0


@pytest.mark.parametrize("role", ["resolved", "closed", "acknowledged", "started"])
def test_one_column_cannot_be_two_times_between_which_something_is_measured(read: Reader, role: str) -> None:
    with pytest.raises(ExportError, match=r"the column 'Beginn' is named as both .* would always be 0 minutes"):
        read("Fall,Beginn\n1,2024-01-01 10:00\n", columns={"opened": "Beginn", role: "Beginn"})


def test_an_event_log_that_begins_with_the_taking_up_does_not_tell_how_long_that_took(read: Reader) -> None:
    found = read(
        "ticket_id,time,status\nA,2024-01-01 10:00,Investigating\nA,2024-01-01 10:05,Identified\n"
        "A,2024-01-01 11:00,Resolved\nB,2024-01-02 10:00,Investigating\nB,2024-01-02 12:00,Resolved\n"
    )
    measure = found.measures["ack_mean_minutes"]
    assert measure.value is None
    assert measure.reason == (
        "the first event of a ticket says already that somebody took it up ('Investigating' in 2 tickets of 2): how "
        "long that took is not recorded"
    )


def test_a_ticket_taken_up_only_when_it_was_reopened_was_not_taken_up_before(read: Reader) -> None:
    found = read(
        "ticket_id,time,status\nA,2024-01-01 10:00,New\nA,2024-01-01 10:30,Resolved\nA,2024-01-01 13:00,In Progress\n"
        "A,2024-01-01 14:00,Resolved\nB,2024-01-02 10:00,New\nB,2024-01-02 10:10,In Progress\n"
        "B,2024-01-02 12:00,Resolved\n"
    )
    mean = found.measures["ack_mean_minutes"]
    assert (mean.value, mean.n, mean.n_left_out) == (10.0, 1, 1)
    assert found.measures["reopened"].value == 1
