"""When incidents come, and of which kind: what a reader of the report plays with, counted once from the tidy frame.

Counts only, no names and no texts but those of the types. Every stamp is on the export's own clock: an hour of the week
is the hour that the people on duty saw.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from assessment_kit.incidents.answers import period, short_type
from assessment_kit.incidents.counts import rated, weeks_of
from assessment_kit.incidents.normal import Tidy
from assessment_kit.incidents.window import FEWEST_WEEKS, RECENT_WEEKS, Window

#: Types kept apart week by week; the others are one. A convention: more of them cannot be told apart in a drawing.
MOST_TYPES = 8
OTHER_TYPES = "other types"

#: Share of stamps on the stroke of midnight from which they are taken for dates without a time. A convention.
MOST_AT_MIDNIGHT = 0.5
#: Days that are kept one by one, where there are too few complete weeks to compare.
MOST_DAYS = 62

_DAY_HOURS = 24
_WEEK_HOURS = 7 * _DAY_HOURS


def patterns(tidy: Tidy, window: Window, teams: np.ndarray, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return, for every team, what its import record keeps for the charts. What the export cannot tell is left out.

    Parameters
    ----------
    teams
        For each row of ``tidy.incidents``, the position of its team in ``names``; -1 leaves it out.

    Returns
    -------
    dict
        Team to these keys:

        - ``counted``: the days over which volumes are counted, because the export holds them in full.
        - ``weekly_by_type``: of the last year, for each week, type and priority that occurs, the number of incidents.
          ``type`` and ``priority`` are missing where the incident has none.
        - ``hours_of_week``: incidents of the counted days by hour of the week, Monday first.
        - ``daily``: incidents of the counted days one by one, where there are too few weeks to compare.
    """
    incidents = tidy.incidents[["opened", "type", "priority"]]
    data, places = (incidents, teams) if (teams >= 0).all() else (incidents[teams >= 0], teams[teams >= 0])
    parts: list[tuple[str, list[list[Any]]]] = [("weekly_by_type", _weekly(tidy, window, data, places, len(names)))]
    if not window.no_rate:
        here = rated(data, window)
        if has_times(incidents["opened"]):
            parts.append(("hours_of_week", _hours(data[here], places[here], len(names))))
        if window.complete.sum() < FEWEST_WEEKS:
            parts.append(("daily", _daily(tidy, window, data[here], places[here], len(names))))
    days = {} if window.no_rate else {"counted": period(window.rate_first, window.rate_last)}
    return {
        name: days | {key: every[place] for key, every in parts if every[place]} for place, name in enumerate(names)
    }


def has_times(opened: pd.Series) -> bool:
    """Tell whether stamps have a time of day: dates alone all lie on the stroke of midnight."""
    midnight = opened.to_numpy() == opened.to_numpy().astype("datetime64[D]")
    return bool(midnight.mean() < MOST_AT_MIDNIGHT)


def _weekly(tidy: Tidy, window: Window, data: pd.DataFrame, teams: np.ndarray, length: int) -> list[list[Any]]:
    """Count by team, week, type and priority; rarer types of a team as one."""
    week = weeks_of(data["opened"].to_numpy(), window)
    recent = week >= len(window.mondays) - RECENT_WEEKS - 1
    week, teams, data = week[recent], teams[recent].astype(np.int64), data[recent]
    words = ["" if "type" in tidy.absent else short_type(str(word)) for word in data["type"].cat.categories]
    # The last two places of a team's types: all rarer ones together, and none given.
    kinds = np.full(len(data), MOST_TYPES + 1)
    named: list[list[str]] = [[] for _ in range(length)]
    if "type" not in tidy.absent:
        kinds, named = _ranked(data["type"].cat.codes.to_numpy(), teams, words, length)
    levels = data["priority"].cat.codes.to_numpy().astype(np.int64)
    priorities = list(data["priority"].cat.categories)
    shape = (length, len(window.mondays), MOST_TYPES + 2, len(priorities) + 1)
    index = np.ravel_multi_index((teams, week, kinds, np.where(levels < 0, len(priorities), levels)), shape)
    found, counts = np.unique(index, return_counts=True)
    mondays = window.mondays.astype(str)
    rows: list[list[Any]] = [[] for _ in range(length)]
    places = [part.tolist() for part in np.unravel_index(found, shape)]
    for team, monday, kind, level, n in zip(*places, counts.tolist(), strict=True):
        row: dict[str, Any] = {"week": str(mondays[monday])}
        if kind <= MOST_TYPES:
            row["type"] = named[team][min(kind, len(named[team]) - 1)]
        if level < len(priorities):
            row["priority"] = priorities[level]
        rows[team].append(row | {"incidents": n})
    return rows


def _ranked(codes: np.ndarray, teams: np.ndarray, words: list[str], length: int) -> tuple[np.ndarray, list[list[str]]]:
    """Return each incident's place among its team's types, most frequent first, and the names of those places."""
    width = len(words)
    given = codes >= 0
    pairs, counts = np.unique(teams[given] * width + codes[given], return_counts=True)
    ranked: list[list[tuple[int, int]]] = [[] for _ in range(length)]
    for pair, n in zip(pairs.tolist(), counts.tolist(), strict=True):
        ranked[pair // width].append((pair % width, n))
    place = np.full((length, width + 1), MOST_TYPES)
    place[:, -1] = MOST_TYPES + 1
    named: list[list[str]] = []
    for team, types in enumerate(ranked):
        types.sort(key=lambda entry: (-entry[1], words[entry[0]]))
        for rank, (code, _) in enumerate(types[:MOST_TYPES]):
            place[team, code] = rank
        # A single rarer type keeps its name: "other types" would mean one.
        rest = [words[code] for code, _ in types[MOST_TYPES:]]
        named.append([*(words[code] for code, _ in types[:MOST_TYPES]), rest[0] if len(rest) == 1 else OTHER_TYPES])
    return place[teams, codes], named


def _hours(data: pd.DataFrame, teams: np.ndarray, length: int) -> list[list[Any]]:
    hours = data["opened"].to_numpy().astype("datetime64[h]").astype(np.int64)
    # Hour 0 of numpy's calendar began a Thursday.
    of_week = (hours + 3 * _DAY_HOURS) % _WEEK_HOURS
    counts = np.bincount(teams * _WEEK_HOURS + of_week, minlength=length * _WEEK_HOURS)
    grids: list[list[Any]] = counts.reshape(length, 7, _DAY_HOURS).tolist()
    # A week of zeros says nothing: the team has no incident in these days.
    return [grid if any(map(any, grid)) else [] for grid in grids]


def _daily(tidy: Tidy, window: Window, data: pd.DataFrame, teams: np.ndarray, length: int) -> list[list[Any]]:
    days = np.arange(window.rate_first, window.rate_last + np.timedelta64(1, "D"))
    if len(days) > MOST_DAYS:
        return [[] for _ in range(length)]
    day = (data["opened"].to_numpy().astype("datetime64[D]") - days[0]).astype(np.int64)
    place = teams * len(days) + day
    levels = data["priority"].cat.codes.to_numpy()
    serious = (levels >= 0) & (levels <= 1)
    every, severe = (
        np.bincount(chosen, minlength=length * len(days)).reshape(length, len(days)).tolist()
        for chosen in (place, place[serious])
    )
    no_priority = "priority" in tidy.absent
    names = days.astype(str).tolist()
    return [
        [
            {"day": name, "incidents": n} | ({} if no_priority else {"p1_p2": p1_p2})
            for name, n, p1_p2 in zip(names, mine, mine_severe, strict=True)
        ]
        if any(mine)
        else []
        for mine, mine_severe in zip(every, severe, strict=True)
    ]
