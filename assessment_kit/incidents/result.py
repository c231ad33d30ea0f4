"""What an import gives back: the account of the whole export, and one part for each team."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from assessment_kit.incidents.kinds import INCIDENT
from assessment_kit.incidents.measured import Measure
from assessment_kit.incidents.notes import LeftOut, quoted
from assessment_kit.incidents.texts import tallied
from assessment_kit.wording import count, number, quantity


@dataclass(frozen=True)
class TeamImport:
    """One team's part of an export.

    Attributes
    ----------
    answers
        Question id to answer, as plain data of the assessment document. Only what the export can answer.
    record
        The import record of the assessment document, as plain data.
    measures
        The same numbers that the record holds, typed.
    tidy
        The team's tickets of every kind, in the columns of :data:`assessment_kit.incidents.normal.SCHEMA`.
    """

    team: str
    answers: dict[str, dict[str, Any]]
    record: dict[str, Any]
    measures: Mapping[str, Measure]
    tidy: pd.DataFrame = field(repr=False)


@dataclass(frozen=True)
class Import:
    """What was done with an export. ``rows_read`` is always ``rows_used`` and all rows left out together.

    Attributes
    ----------
    source, sha256
        The files' names and the hashes of their bytes, in the same order, separated by a comma and a blank.
    format
        Id of the recognised format, of those in :data:`assessment_kit.incidents.FORMATS`.
    columns
        Role to the export's column, as it was read: what ``--save-columns`` keeps.
    header
        Names of all columns, those without a role included.
    rows_used
        Rows of the incidents of the teams in ``teams``.
    incidents
        Incidents of the whole export, those of teams left out included.
    left_out
        Rows that were not used, by reason, with examples.
    decisions, warnings
        Full sentences.
    quotes
        Cells as they are written, by what is wrong with them. They are shown, and stored nowhere.
    period
        Days of the first and the last incident opened.
    measures
        Of the whole export.
    teams
        Team to its part, in alphabetical order.
    teams_left_out
        Team to its incidents, for the teams below the least number of incidents.
    """

    source: str
    sha256: str
    format: str
    columns: Mapping[str, str]
    header: tuple[str, ...]
    rows_read: int
    rows_used: int
    incidents: int
    left_out: tuple[LeftOut, ...]
    decisions: tuple[str, ...]
    warnings: tuple[str, ...]
    quotes: tuple[LeftOut, ...]
    period: Mapping[str, str]
    measures: Mapping[str, Measure]
    teams: Mapping[str, TeamImport]
    teams_left_out: Mapping[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Return the whole account for JSON."""
        return {
            "source": self.source,
            "sha256": self.sha256,
            "format": self.format,
            "columns": dict(self.columns),
            "rows_read": self.rows_read,
            "rows_used": self.rows_used,
            "incidents": self.incidents,
            "left_out": {entry.reason: entry.rows for entry in self.left_out},
            "examples": {entry.reason: list(entry.examples) for entry in self.left_out},
            "decisions": list(self.decisions),
            "warnings": list(self.warnings),
            "quotes": {entry.reason: list(entry.examples) for entry in self.quotes},
            "period": dict(self.period),
            "measures": {name: measure.to_dict() for name, measure in self.measures.items()},
            "teams": {name: int(part.measures["incidents"].value or 0) for name, part in self.teams.items()},
            "teams_left_out": dict(self.teams_left_out),
        }

    def named_teams(self) -> dict[str, int]:
        """Return every team that the export names with its incidents, even where it was read as one."""
        found: dict[str, int] = {}
        for part in self.teams.values():
            incidents = part.tidy[(part.tidy["kind"] == INCIDENT).to_numpy()]
            for name, n in tallied(incidents["team"].array).items():
                found[name] = found.get(name, 0) + n
        return dict(sorted(found.items()))

    def of_team(self, name: str) -> Import:
        """Return the account with the measures of one of its teams."""
        return replace(self, measures=self.teams[name].measures)

    def summary(self, *, cells: bool = True) -> list[str]:
        """Return the account as lines of text.

        Parameters
        ----------
        cells
            Whether cells are quoted: not where the account may be stored with a notebook.
        """
        lines = [
            f"{self.source}: {count(self.rows_read, 'row')} read, {self.rows_used:,} used; "
            f"{count(self.incidents, 'incident')} from {self.period['start']} to {self.period['end']}."
        ]
        lines += _listed("Columns:", [f"{role}: {quoted(column)}" for role, column in self.columns.items()])
        lines += _listed("Left out:", [_left_out(entry, cells=cells) for entry in self.left_out])
        lines += _listed("Decided:", self.decisions)
        lines += _listed("Warning:", self.warnings)
        if cells:
            lines += _listed("As written (shown here, stored nowhere):", [_left_out(entry) for entry in self.quotes])
        known = {name: measure for name, measure in self.measures.items() if measure.value is not None}
        lines += _listed("Measured:", [_measured(*pair) for pair in known.items()])
        lines += _listed("Not measured:", _unmeasured(self.measures))
        small = f"; {count(len(self.teams_left_out), 'smaller team')} left out" if self.teams_left_out else ""
        lines.append(f"{count(len(self.teams), 'team')}{small}.")
        return lines


#: The cell that an example quotes at its end.
_CELL = re.compile(r": '.*'$")


def _listed(title: str, texts: list[str] | tuple[str, ...]) -> list[str]:
    return [title, *(f"  - {text}" for text in texts)] if texts else []


def _left_out(entry: LeftOut, *, cells: bool = True) -> str:
    told = entry.examples if cells else [_CELL.sub("", example) for example in entry.examples]
    examples = f" (for example {'; '.join(told)})" if told else ""
    return f"{entry.rows:,} {entry.reason}{examples}" if entry.rows != 1 else f"1 {_one(entry.reason)}{examples}"


#: Reasons begin with what is counted, in the plural; for one of it this is the singular.
_SINGULAR = {
    "cancelled tickets": "cancelled ticket",
    "planned maintenance, not incidents": "planned maintenance, not an incident",
    "rows": "row",
    "signals": "signal",
    "lines": "line",
    "values": "value",
    "cells": "cell",
    "changes": "change",
    "service requests": "service request",
    "problems": "problem",
    "tasks and stories": "task or story",
    "tests": "test",
    "earlier rows": "earlier row",
}


def _one(reason: str) -> str:
    """Return a reason for a single row: ``row without an opened time``, ``test, not an incident``."""
    reason = reason.replace(", not incidents", ", not an incident").replace(" that are not ", " that is not ")
    for plural, singular in _SINGULAR.items():
        if reason.startswith(plural):
            return singular + reason[len(plural) :]
    return reason


def _measured(name: str, measure: Measure) -> str:
    spread = ""
    if measure.low is not None and measure.high is not None:
        spread = f", {number(measure.low)} to {number(measure.high)}"
    left = f", {measure.n_left_out:,} left out" if measure.n_left_out else ""
    value = 0.0 if measure.value is None else measure.value
    unit = "incident" if measure.unit == "incidents" and value == 1 else measure.unit
    return f"{name}: {quantity(value, unit)} (n {measure.n:,}{left}{spread})"


def _unmeasured(measures: Mapping[str, Measure]) -> list[str]:
    """Return what could not be measured, measures with one reason together."""
    reasons: dict[str, list[str]] = {}
    for name, measure in measures.items():
        if measure.value is None:
            reasons.setdefault(measure.reason, []).append(name)
    return [f"{', '.join(names)}: {reason}" for reason, names in reasons.items()]
