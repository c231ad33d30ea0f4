"""The one call: files in, the account and every team's answers out. Pure with respect to documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from pyarrow import ArrowException

from assessment_kit.incidents.answers import answers, period
from assessment_kit.incidents.artefacts import artefacts
from assessment_kit.incidents.events import tidy_events
from assessment_kit.incidents.gather import ambiguous, gather
from assessment_kit.incidents.measured import Measure, Measured
from assessment_kit.incidents.measures import measure
from assessment_kit.incidents.named import people_named
from assessment_kit.incidents.normal import Tidy
from assessment_kit.incidents.notes import Notes, quoted_list
from assessment_kit.incidents.patterns import patterns
from assessment_kit.incidents.people import people_of, without_names
from assessment_kit.incidents.raw import too_large
from assessment_kit.incidents.repeats import find_repeats, sayings
from assessment_kit.incidents.result import Import, TeamImport
from assessment_kit.incidents.rules import Rules
from assessment_kit.incidents.schema import TRANSIENT_COLUMNS
from assessment_kit.incidents.signals import tidy_signals
from assessment_kit.incidents.split import split_by_team
from assessment_kit.incidents.texts import tallied
from assessment_kit.incidents.ticket_list import tidy_list
from assessment_kit.incidents.window import observe, span_text
from assessment_kit.wording import count

_LAYOUTS = {"incident": tidy_list, "event": tidy_events, "signal": tidy_signals}


def read_export(
    paths: str | Path | Iterable[str | Path],
    *,
    team: str | None = None,
    team_column: str | None = None,
    min_incidents: int = 0,
    day_first: bool | None = None,
    columns: Mapping[str, str | None] | None = None,
    timezone: str = "",
    keep: Iterable[str] = (),
    missing: Iterable[str] = (),
    keep_descriptions: bool = False,
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
        Role (of :data:`ROLES`) to column, where an export's own names do not tell; None where no column plays the role.
    timezone
        Zone of times that carry none, and of days and hours: ``Europe/Zurich`` or ``+01:00``. "" takes them as written.
    keep, missing
        Texts that are values although they are usual markers of nothing, and further texts that mean nothing.
    keep_descriptions
        Whether a few descriptions are kept as written in each group of repeats: they may hold what is private.

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
        When ``columns`` names a role that does not exist, or ``timezone`` a zone.
    """
    files = [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
    by_hand = {**(columns or {})} | ({"team": team_column} if team_column is not None else {})
    rules = Rules(by_hand, day_first, timezone, frozenset(keep), frozenset(missing))
    try:
        return _read(files, rules, team, team_column, min_incidents, keep_descriptions=keep_descriptions)
    except (MemoryError, ArrowException, RuntimeError) as error:
        # Where memory is short, Arrow and Python may not get so far as to ask for it: they cannot start a thread.
        if not isinstance(error, MemoryError) and "thread" not in str(error):
            raise
        raise too_large(", ".join(path.name for path in files)) from None


def _read(
    files: Sequence[Path],
    rules: Rules,
    team: str | None,
    team_column: str | None,
    min_incidents: int,
    *,
    keep_descriptions: bool,
) -> Import:
    gathered = gather(files, rules)
    rows = gathered.rows
    with ThreadPoolExecutor(1) as pool:
        # Descriptions take as long as everything else together, and most of it without the interpreter's lock.
        people = people_named(people_of(rows))
        said = pool.submit(sayings, rows, people)
        notes = gathered.notes + ambiguous(rows)
        tidy = _LAYOUTS[rows.format.layout](rows)
        tidy = replace(tidy, frame=without_names(tidy.frame, people))
        repeats = pool.submit(lambda: find_repeats(tidy.incidents, tidy.origins, said.result(), keep=keep_descriptions))
        window = observe(tidy.incidents, still_open=tidy.only_open)
        notes += tidy.notes + window.notes + artefacts(tidy.incidents)
        split = split_by_team(tidy, None if team_column else team or files[0].name.split(".")[0])
        kept, small = split.at_least(min_incidents)
        seen = patterns(tidy, window, split.positions(kept), kept)
        whole = measure(tidy, window, np.zeros(len(tidy.incidents), dtype=np.int64), [""], repeats.result)[""]
    account = Import(
        source=rows.source,
        sha256=gathered.sha256,
        format=rows.format.id,
        columns=dict(rows.names),
        header=gathered.header,
        rows_read=gathered.rows_read,
        rows_used=int(tidy.incidents["rows"].sum()),
        incidents=len(tidy.incidents),
        left_out=notes.left_out,
        decisions=notes.decisions,
        warnings=notes.warnings,
        quotes=notes.quotes,
        period=period(window.first, window.last),
        measures=whole.measures,
        teams={},
        teams_left_out=small,
    )
    source = f"{account.source} ({rows.format.name}, {span_text(window.first, window.last)})"
    # An export of one team was measured already.
    measured = (
        {kept[0]: whole}
        if not team_column and kept
        else measure(tidy, window, split.positions(kept), kept, repeats.result)
    )
    cut = window.selection is not None
    parts = {}
    for name in kept:
        mine = split.tickets(name).drop(columns=list(TRANSIENT_COLUMNS))
        record = _record(account, measured[name], split.rows_used(name), cut_by_activity=cut) | seen[name]
        if len(measured) > 1:
            record["warnings"] = [f"In the export of all teams: {text}" for text in account.warnings]
        found = answers(measured[name], tidy, window, source)
        parts[name] = TeamImport(name, found, record, measured[name].measures, mine)
    used = sum(part.record["rows_used"] for part in parts.values())
    notes += Notes() if team_column else _several_teams(tidy)
    notes += split.notes(small, min_incidents, rows.names.get("team", ""))
    return replace(account, rows_used=used, left_out=notes.left_out, decisions=notes.decisions, teams=parts)


def _several_teams(tidy: Tidy) -> Notes:
    """Say that an export read as one team's names several."""
    named = tallied(tidy.incidents["team"].array)
    if len(named) < 2:
        return Notes()
    text = (
        f"Every incident counts as this team's, although {tidy.words['team']} names {count(len(named), 'team')} "
        f"({quoted_list(sorted(named), 5)}): split them by that column if one of them is meant."
    )
    return Notes(decisions=(text,))


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
        "repeats": [dict(group) for group in measured.repeats],
        "sources": [dict(source) for source in measured.sources],
        "measures": {name: measure.to_dict() for name, measure in measured.measures.items() if not measure.reason},
        "not_measured": _reasons(measured.measures),
    }


def _reasons(measures: Mapping[str, Measure]) -> dict[str, list[str]]:
    """Return why measures cannot be had: reason to their names."""
    found: dict[str, list[str]] = {}
    for name, each in measures.items():
        if each.reason:
            found.setdefault(each.reason, []).append(name)
    return found
