"""The one call: files in, the account and every team's answers out. Pure with respect to documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from assessment_kit.errors import ExportError, Problem
from assessment_kit.incidents.answers import answers, period
from assessment_kit.incidents.clock import Rows
from assessment_kit.incidents.events import tidy_events
from assessment_kit.incidents.formats import Recognised, recognise
from assessment_kit.incidents.measured import Measured
from assessment_kit.incidents.measures import measure
from assessment_kit.incidents.normal import tidy_list
from assessment_kit.incidents.notes import Notes
from assessment_kit.incidents.read import Raw, read_raw
from assessment_kit.incidents.result import Import, TeamImport
from assessment_kit.incidents.signals import tidy_signals
from assessment_kit.incidents.split import split_by_team
from assessment_kit.incidents.window import observe, span_text

_LAYOUTS = {"incident": tidy_list, "event": tidy_events, "signal": tidy_signals}


def read_export(
    paths: str | Path | Iterable[str | Path],
    *,
    team: str | None = None,
    team_column: str | None = None,
    min_incidents: int = 0,
    day_first: bool | None = None,
    columns: Mapping[str, str] | None = None,
) -> Import:
    """Read one or several exports of one system and measure every team.

    Parameters
    ----------
    paths
        Files of the same format. Rows that several files hold are counted once.
    team
        Name of the team when the export is not split; by default the first file's name.
    team_column
        Column by whose values the export is split into teams. An incident without a value belongs to no team.
    min_incidents
        Teams with fewer incidents are left out, and counted.
    day_first
        Whether 03/04/2026 is 3 April. None decides by evidence.
    columns
        Role (of :data:`ROLES`) to column, where an export's own names do not tell.

    Returns
    -------
    Import
        The account of the whole export, and per team its answers, import record and tidy frame.

    Raises
    ------
    ExportError
        With every problem found: no such file, empty, unreadable, a needed column missing, unreadable dates, the
        order of day and month undecidable, no incident left.
    UsageError
        When ``columns`` names a role that does not exist.
    """
    files = [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
    raws, rows, notes = _gather(files, columns, team_column)
    tidy = _LAYOUTS[rows.format.layout](rows, day_first)
    window = observe(tidy.incidents, still_open=tidy.still_open)
    notes += tidy.notes + window.notes
    whole = measure(tidy, window, np.zeros(len(tidy.incidents), dtype=np.int64), [""])[""]
    split = split_by_team(tidy, None if team_column else team or files[0].name.split(".")[0])
    kept, small = split.at_least(min_incidents)
    account = Import(
        source=rows.source,
        sha256=", ".join(raw.sha256 for raw in raws),
        format=rows.format.id,
        rows_read=sum(raw.rows_read for raw in raws),
        rows_used=int(tidy.incidents["rows"].sum()),
        incidents=len(tidy.incidents),
        left_out=notes.left_out,
        decisions=notes.decisions,
        warnings=notes.warnings,
        period=period(window.first, window.last),
        measures=whole.measures,
        teams={},
        teams_left_out=small,
    )
    source = f"{account.source} ({rows.format.name}, {span_text(window.first, window.last)})"
    measured = measure(tidy, window, split.positions(kept), kept)
    cut = window.selection is not None
    parts = {}
    for name in kept:
        mine = split.tickets(name)
        record = _record(account, measured[name], split.rows_used(name), cut_by_activity=cut)
        found = answers(measured[name], tidy, window, source)
        parts[name] = TeamImport(name, found, record, measured[name].measures, mine)
    used = sum(part.record["rows_used"] for part in parts.values())
    notes += split.notes(small, min_incidents, rows.names.get("team", ""))
    return replace(account, rows_used=used, left_out=notes.left_out, decisions=notes.decisions, teams=parts)


def _gather(
    files: list[Path], columns: Mapping[str, str] | None, team_column: str | None
) -> tuple[list[Raw], Rows, Notes]:
    """Read every file and put their rows under one set of roles."""
    raws: list[Raw] = []
    found: list[Recognised] = []
    problems: list[Problem] = []
    for path in files:
        try:
            raws.append(read_raw(path))
            found.append(recognise(raws[-1].frame, path.name, columns, team_column))
        except ExportError as error:
            problems += error.problems
    if not files:
        problems.append(Problem("import", "no file was named", "Name the export's file."))
    if not problems and len({each.format.id for each in found}) > 1:
        kinds = "; ".join(f"{raw.name} is {each.format.name}" for raw, each in zip(raws, found, strict=True))
        problems.append(
            Problem(", ".join(raw.name for raw in raws), f"the files differ in kind: {kinds}", "Import each by itself.")
        )
    if problems:
        raise ExportError(problems)
    notes = Notes()
    for raw, each in zip(raws, found, strict=True):
        notes += raw.notes + each.notes
    frames = [
        pd.DataFrame({role: raw.frame[column] for role, column in each.columns.items()})
        for raw, each in zip(raws, found, strict=True)
    ]
    rows = Rows(
        format=found[0].format,
        frame=pd.concat(frames, ignore_index=True).fillna("") if len(frames) > 1 else frames[0].reset_index(drop=True),
        names={role: column for each in reversed(found) for role, column in each.columns.items()},
        numbers=np.concatenate([raw.frame.index.to_numpy() for raw in raws]),
        files=np.repeat(np.arange(len(raws)), [len(raw.frame) for raw in raws]),
        file_names=tuple(raw.name for raw in raws),
    )
    return raws, *_without_overlap(rows, notes)


def _without_overlap(rows: Rows, notes: Notes) -> tuple[Rows, Notes]:
    """Count what two files hold once. Equal rows of one file may be two events: the n-th copy answers to the n-th."""
    if len(rows.file_names) == 1:
        return rows, notes
    copy = rows.frame.groupby([*(rows.frame[role] for role in rows.frame), rows.files], sort=False).cumcount()
    repeated = rows.frame.assign(copy=copy).duplicated().to_numpy()
    return rows.take(~repeated), notes + Notes((rows.leave_out(repeated, "rows that an earlier file holds too"),))


def _record(account: Import, measured: Measured, rows_used: int, *, cut_by_activity: bool) -> dict[str, Any]:
    """Return one team's import record. What is not the team's is left out as such, so that the rows add up."""
    left_out = {entry.reason: entry.rows for entry in account.left_out}
    others = account.rows_read - sum(left_out.values()) - rows_used
    if others:
        left_out["rows of other teams"] = others
    return {
        "source": account.source,
        "sha256": account.sha256,
        "format": account.format,
        "rows_read": account.rows_read,
        "rows_used": rows_used,
        "incidents": measured.measures["incidents"].n,
        "left_out": left_out,
        "period": dict(account.period),
        "warnings": list(account.warnings),
        "decisions": list(account.decisions),
        "cut_by_activity": cut_by_activity,
        "weekly": [dict(week) for week in measured.weekly],
        "measures": {name: measure.to_dict() for name, measure in measured.measures.items()},
    }
