"""A list with a row for each update gives the answers of an event log of the same tickets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from assessment_kit.incidents import Import, read_export

STATES = ("New", "In Progress", "On Hold", "Resolved", "Closed")
LIST = "number,opened_at,resolved_at,state,assignment_group,sys_updated_on,sys_mod_count"
LOG = "number,time,status,assignment_group"


def made_up(seed: int) -> list[list[tuple[pd.Timestamp, str, str]]]:
    """Return tickets, each as its changes: time, state, team. Some begin in the middle, some are reopened."""
    dice = np.random.default_rng(seed)
    tickets = []
    for n in range(60):
        at, events = pd.Timestamp("2026-02-02 08:00") + pd.Timedelta(hours=7 * n), []
        path = [STATES[0] if dice.random() < 0.8 else STATES[1]]
        path += [str(dice.choice(STATES)) for _ in range(int(dice.integers(1, 6)))]
        for state in path:
            events.append((at, state, str(dice.choice(["Net", "DB", "net"]))))
            at += pd.Timedelta(minutes=int(dice.integers(1, 400)))
        tickets.append(events)
    return tickets


def as_list(tickets: list[list[tuple[pd.Timestamp, str, str]]]) -> str:
    lines = [LIST]
    for n, events in enumerate(tickets):
        resolved = ""
        for place, (at, state, team) in enumerate(events):
            resolved = resolved or (str(at) if state in STATES[3:] else "")
            lines.append(f"INC{n},{events[0][0]},{resolved},{state},{team},{at},{place}")
    return "\n".join(lines) + "\n"


def as_log(tickets: list[list[tuple[pd.Timestamp, str, str]]]) -> str:
    lines = [f"INC{n},{at},{state},{team}" for n, events in enumerate(tickets) for at, state, team in events]
    return "\n".join([LOG, *lines]) + "\n"


def read(text: str, folder: Path) -> Import:
    (folder / "x.csv").write_text(text, "utf-8")
    return read_export(folder / "x.csv", team="T")


@pytest.mark.parametrize("seed", range(4))
def test_updates_give_the_answers_of_the_events(seed: int, tmp_path: Path) -> None:
    tickets = made_up(seed)
    updates, log = read(as_list(tickets), tmp_path), read(as_log(tickets), tmp_path)
    assert (updates.format, log.format) == ("servicenow-list", "event-log")
    for name in ("incidents", "open", "hand_offs", "reassigned", "reopened"):
        assert (name, updates.measures[name].value) == (name, log.measures[name].value)
        assert updates.measures[name].n == log.measures[name].n
    assert updates.measures["open_age_mean_days"].value == pytest.approx(log.measures["open_age_mean_days"].value)
    listed, logged = (found.teams["T"].tidy.set_index("id")["acknowledged"].sort_index() for found in (updates, log))
    # An event log knows no taking-up by being put on hold: where both tell a time, it is one time or an earlier one.
    both = listed.notna() & logged.notna()
    assert both.sum() > 5
    assert (listed[both] <= logged[both]).all()
    assert "they tell hand-overs, the time to take up and reopenings." in " ".join(updates.decisions)


def test_two_exports_that_overlap_are_no_history(tmp_path: Path) -> None:
    tickets = made_up(1)
    few = [events if n < 20 else events[-1:] for n, events in enumerate(tickets)]
    found = read(as_list(few), tmp_path)
    assert found.measures["hand_offs"].value is None
    assert found.measures["ack_mean_minutes"].value is None


def test_a_list_that_keeps_the_counts_itself_is_believed(tmp_path: Path) -> None:
    lines = as_list(made_up(2)).splitlines()
    text = "\n".join([lines[0] + ",reassignment_count", *(f"{line},5" for line in lines[1:])]) + "\n"
    found = read(text, tmp_path)
    assert found.measures["hand_offs"].value == 5 * 60
