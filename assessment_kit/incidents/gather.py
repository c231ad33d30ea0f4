"""Several files to one set of rows in their roles, what they share counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from assessment_kit.errors import ExportError, Problem
from assessment_kit.incidents.cells import without_wrapping
from assessment_kit.incidents.clock import Rows
from assessment_kit.incidents.joined import join_times
from assessment_kit.incidents.limits import capped
from assessment_kit.incidents.notes import Notes, quoted
from assessment_kit.incidents.people import names_in
from assessment_kit.incidents.people_columns import names_people
from assessment_kit.incidents.raw import Raw
from assessment_kit.incidents.read import read_raws
from assessment_kit.incidents.recognise import Recognised, recognise, worth_reading
from assessment_kit.incidents.rules import NAMES, Rules
from assessment_kit.incidents.texts import how_many
from assessment_kit.wording import count


@dataclass(frozen=True)
class Gathered:
    """The rows of all files, and what was read to get them."""

    rows: Rows
    header: tuple[str, ...]
    notes: Notes
    rows_read: int
    sha256: str


def gather(files: Sequence[Path], rules: Rules) -> Gathered:
    """Read every file and put their rows under one set of roles.

    Raises
    ------
    ExportError
        With every problem of every file; also when they differ in kind.
    """
    raws: list[Raw] = []
    found: list[Recognised] = []
    problems: list[Problem] = []
    for path in files:
        try:
            for raw in read_raws(path, lambda header: worth_reading(header, rules.columns)):
                found.append(recognise(raw, rules.columns))
                raws.append(raw)
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
    names: dict[str, str] = {}
    frames = []
    people: set[str] = set()
    for raw, each in zip(raws, found, strict=True):
        roles = set(each.columns.values())
        for column in raw.frame:
            if column not in roles and names_people(str(column)):
                people |= names_in(raw.frame[column])
        cells, columns, joined = join_times(raw.frame, each.columns)
        notes += raw.notes + each.notes + joined + capped(raw)
        names = columns | names
        frames.append(pd.DataFrame({role: cells[column] for role, column in columns.items()}))
    if len(frames) > 1:
        frame = pd.concat([each.astype(str) for each in frames], ignore_index=True).fillna("")
    else:
        frame = frames[0].reset_index(drop=True)
    for role in frame:
        frame[role], unwrapped = without_wrapping(frame[role], names[str(role)])
        notes += unwrapped
    rows = Rows(
        format=found[0].format,
        frame=frame,
        names=names,
        numbers=np.concatenate([raw.numbers for raw in raws]),
        files=np.repeat(np.arange(len(raws)), [len(raw.frame) for raw in raws]),
        file_names=tuple(raw.name for raw in raws),
        rules=rules,
        people=frozenset(people),
    )
    rows, overlap = _without_overlap(rows)
    header = tuple(dict.fromkeys(column for raw in raws for column in raw.header))
    return Gathered(
        rows, header, notes + overlap, sum(raw.rows_read for raw in raws), ", ".join(raw.sha256 for raw in raws)
    )


def _without_overlap(rows: Rows) -> tuple[Rows, Notes]:
    """Count what two files hold once. Equal rows of one file may be two events: the n-th copy answers to the n-th."""
    if len(rows.file_names) == 1:
        return rows, Notes()
    copy = rows.frame.groupby([*(rows.frame[role] for role in rows.frame), rows.files], sort=False).cumcount()
    repeated = rows.frame.assign(copy=copy).duplicated().to_numpy()
    return rows.take(~repeated), Notes((rows.leave_out(repeated, "rows that an earlier file holds too"),))


def ambiguous(rows: Rows) -> Notes:
    """Say how "NA" was read where it stands in a column of names: North America, or nothing."""
    decisions = []
    for role in rows.frame:
        if role not in NAMES:
            continue
        here = how_many(rows.frame[role], "na")
        if here:
            kept = "na" not in rows.rules.markers(str(role))
            how = "is kept as a name (--missing NA if it means nothing)" if kept else "means nothing, as you said"
            decisions.append(f"'NA' in {count(here, 'cell')} of {quoted(rows.names[str(role)])} {how}.")
    return Notes(decisions=tuple(decisions))
