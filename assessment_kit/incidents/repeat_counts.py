"""How often every team had the same again: its groups of incidents, counted and listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from assessment_kit.incidents.people import shown_name
from assessment_kit.incidents.repeats import LONGEST, Repeats, numbered

#: Groups of a team that are listed, those with most incidents first, and tickets named in each.
MOST_GROUPS, EXAMPLES = 20, 3


@dataclass(frozen=True)
class Counted:
    """Repeats of every team.

    Attributes
    ----------
    described
        Incidents with a description that says something.
    repeats
        Those of them that are not the first of their group in the team.
    listed
        For each team its largest groups, as the import record keeps them.
    """

    described: np.ndarray
    repeats: np.ndarray
    listed: list[list[dict[str, Any]]]


def count_repeats(found: Repeats, data: pd.DataFrame, teams: np.ndarray, length: int) -> Counted:
    """Count every team's repeats and list its largest groups.

    Parameters
    ----------
    data
        Tidy incidents, beside ``found.groups`` and ``teams``.
    """
    described_here = found.groups >= 0
    # Most often every incident is described, and nothing needs to be copied.
    known: Any = slice(None) if described_here.all() else described_here
    width = max(1, len(found.codes))
    keys = teams[known].astype(np.int64) * width + found.groups[known]
    distinct, place, sizes = numbered(keys)
    described = np.bincount(teams[known], minlength=length)
    repeats = described - np.bincount(distinct // width, minlength=length)
    listed: list[list[dict[str, Any]]] = [[] for _ in range(length)]
    several = np.flatnonzero(sizes > 1)
    if not len(several):
        return Counted(described, repeats, listed)
    minutes = data["restore_minutes"].to_numpy()[known]
    # Summed in whole microseconds, so that the order of the rows leaves no trace.
    total = np.bincount(place, weights=np.nan_to_num(np.rint(minutes * 6e7)), minlength=len(distinct)) / 3.6e9
    ended = np.bincount(place, weights=~np.isnan(minutes), minlength=len(distinct))
    team = distinct[several] // width
    # Largest first; of equal size by hours, then by text, so that the order of the rows leaves no trace.
    order = np.lexsort([found.codes[distinct[several] % width], -total[several], -sizes[several], team])
    first = np.r_[True, np.diff(team[order]) != 0]
    since = np.arange(len(order)) - np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
    chosen = several[order[since < MOST_GROUPS]]
    opened, ids = data["opened"].to_numpy()[known], data["id"].array
    places = np.flatnonzero(described_here)
    item = data["item"].cat
    items, item_names = item.codes.to_numpy()[known], item.categories
    rows_of = _rows_of(place, chosen)
    for group in chosen.tolist():
        rows = rows_of[group]
        named = np.asarray(ids[places[rows]], dtype=object)
        ranked = np.lexsort([named.astype(str), opened[rows]])
        rows, named = rows[ranked], named[ranked]
        code = int(items[rows[0]])
        entry = {
            "text": found.text(int(distinct[group] % width)),
            "item": shown_name(str(item_names[code]), found.people)[:LONGEST] if code >= 0 else "",
            "incidents": int(sizes[group]),
            "hours": round(float(total[group]), 1) if ended[group] else None,
            "ended": int(ended[group]),
            "first": str(opened[rows[0]].astype("datetime64[D]")),
            "last": str(opened[rows[-1]].astype("datetime64[D]")),
            "tickets": [shown_name(str(ticket), found.people) for ticket in named[-EXAMPLES:]],
        }
        if found.keep:
            written = np.asarray(data["description"].array[places[rows]], dtype=object)
            entry["descriptions"] = [str(text) for text in dict.fromkeys(written.tolist())][:EXAMPLES]
        listed[int(distinct[group] // width)].append(entry)
    return Counted(described, repeats, listed)


def _rows_of(place: np.ndarray, chosen: np.ndarray) -> dict[int, np.ndarray]:
    is_chosen = np.zeros(int(place.max()) + 1, dtype=bool)
    is_chosen[chosen] = True
    wanted = np.flatnonzero(is_chosen[place])
    order = wanted[np.argsort(place[wanted], kind="stable")]
    edges = np.flatnonzero(np.diff(place[order])) + 1
    return {int(place[rows[0]]): rows for rows in np.split(order, edges)}
