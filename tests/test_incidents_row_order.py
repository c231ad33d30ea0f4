"""The order of an export's rows leaves no trace, where several rows of a ticket carry the same time too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from assessment_kit.incidents import Import, read_export

EVENTS = [
    "id,time,status,team,priority,level,summary",
    *(
        f"{n},2026-01-{n % 27 + 1:02d} 10:00,{status},{team},{level},L{line},{text}"
        for n in range(40)
        for status, team, level, line, text in (
            ("Resolved", "Ops", 2, 1, "Disk full"),
            ("Identified", "Net", 3, 2, "Disk is full"),
            ("Investigating", "Ops", 3, 1, "Disk full"),
            ("Identified", "Data", 1, 3, "Disks full"),
            ("Update", "Net", 1, 2, "Disk full"),
        )
    ),
]
METRICS = [
    "inc_number,mi_definition,mi_value,mi_start,metric_instance",
    *(
        f"INC{n},{metric},{text},2026-01-{n % 27 + 1:02d} {time},m"
        for n in range(40)
        for metric, text, time in (
            ("Incident State Duration", "In Progress", "10:00"),
            ("Assignment Group Duration", "Net", "10:00"),
            ("Assignment Group Duration", "Ops", "10:00"),
            ("Incident State Duration", "Resolved", "12:00"),
            ("Assignment Group Duration", "Net", "12:00"),
        )
    ),
]
SIGNALS = [
    "time,service,state,severity,message",
    *(
        f"2026-01-{n % 27 + 1:02d} {hour}:00,S{n % 5},{state},{level},{text}"
        for n in range(40)
        for hour, state, level, text in (
            (10, "down", "critical", "no answer"),
            (10, "down", "warning", "slow answer"),
            (12, "up", "info", "fine"),
            (12, "down", "critical", "no answer"),
            (13, "up", "info", "fine"),
        )
    ),
]
UPDATES = [
    "number,opened_at,resolved_at,state,priority,assignment_group,sys_updated_on,short_description",
    *(
        f"INC{n},2026-02-{n % 27 + 1:02d} 10:00,,{state},{level},{team},2026-02-{n % 27 + 1:02d} 12:00,Disk"
        for n in range(40)
        for state, level, team in (("Closed", 3, "Net"), ("New", 2, "Ops"), ("In Progress", 1, "DB"))
    ),
]


def outcome(found: Import) -> dict[str, Any]:
    [part] = found.teams.values()
    return {
        "measures": {name: each.to_dict() for name, each in found.measures.items()},
        "answers": part.answers,
        "weekly": part.record["weekly"],
    }


def shuffled(lines: list[str], folder: Path, seed: int | None) -> Import:
    body = (
        lines[1:]
        if seed is None
        else [lines[1:][place] for place in np.random.default_rng(seed).permutation(len(lines) - 1)]
    )
    (folder / "rows.csv").write_text("\n".join([lines[0], *body]) + "\n", "utf-8")
    return read_export(folder / "rows.csv", team="T")


@pytest.mark.parametrize(
    "lines, form",
    [(EVENTS, "event-log"), (METRICS, "servicenow-metrics"), (SIGNALS, "signal-log"), (UPDATES, "servicenow-list")],
)
def test_shuffled_rows_give_every_measure_as_before(lines: list[str], form: str, tmp_path: Path) -> None:
    before = shuffled(lines, tmp_path, None)
    assert before.format == form
    for seed in range(5):
        assert outcome(shuffled(lines, tmp_path, seed)) == outcome(before)


def test_at_one_moment_the_states_of_a_ticket_come_in_the_order_of_its_life(tmp_path: Path) -> None:
    found = shuffled(EVENTS, tmp_path, 1)
    # Investigating is the first, at once: when it was taken up is not told. Resolved is the last.
    assert found.measures["ack_mean_minutes"].value is None
    assert (found.measures["open"].value, found.measures["restore_mean_hours"].value) == (0, 0)
    found = shuffled(UPDATES, tmp_path, 1)
    assert found.measures["open"].value == 0, "closed is the last state"


def test_shuffled_segments_of_github_invent_no_time_to_take_up(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "github-status" / "segments.csv"
    before = read_export(source, team="T")
    assert before.measures["ack_mean_minutes"].value is None
    rows = pd.read_csv(source, dtype=str, keep_default_na=False)
    for seed in range(3):
        rows.sample(frac=1, random_state=seed).to_csv(tmp_path / "rows.csv", index=False)
        assert outcome(read_export(tmp_path / "rows.csv", team="T"))["measures"] == outcome(before)["measures"]
